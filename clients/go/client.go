package doppel

import (
	"context"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// The same for every client of doppel; see clients/service_config.json.
//
//go:embed service_config.json
var serviceConfig string

const (
	// Of one answer: a plan of many thousand operations comes in one.
	maxReceiveBytes  = 256 << 20
	keepaliveTime    = 60 * time.Second
	keepaliveTimeout = 20 * time.Second
)

// Timeouts says how long a call may take whose context has no deadline. Zero
// stands for as long as it takes.
type Timeouts struct {
	// Call is for calls that only look something up or note it.
	Call time.Duration
	// Work is for calls that read manifests or a warehouse's catalog.
	Work time.Duration
	// Transfer is for one attempt to upload or to download.
	Transfer time.Duration
}

// DefaultTimeouts is what a client has that was not told otherwise.
func DefaultTimeouts() Timeouts {
	return Timeouts{
		Call:     30 * time.Second,
		Work:     300 * time.Second,
		Transfer: 900 * time.Second,
	}
}

// Client talks to a doppel server. It may be used by many goroutines at once.
//
// Every method fails with an *Error where the server rejects the call or cannot
// be reached.
type Client struct {
	conn     *grpc.ClientConn
	timeouts Timeouts

	capabilities doppelv1.CapabilitiesServiceClient
	manifests    doppelv1.ManifestServiceClient
	environments doppelv1.EnvironmentServiceClient
	planning     doppelv1.PlanningServiceClient
	executions   doppelv1.ExecutionServiceClient
}

type options struct {
	insecure    bool
	credentials credentials.TransportCredentials
	timeouts    Timeouts
	metadata    []string
	dial        []grpc.DialOption
}

// Option changes how a client connects.
type Option func(*options)

// WithInsecure connects without TLS, as on loopback or behind a mesh's sidecar.
func WithInsecure() Option {
	return func(o *options) { o.insecure = true }
}

// WithTransportCredentials connects with these; the default is TLS with the
// system's roots.
func WithTransportCredentials(c credentials.TransportCredentials) Option {
	return func(o *options) { o.credentials = c }
}

// WithTimeouts replaces DefaultTimeouts.
func WithTimeouts(t Timeouts) Option {
	return func(o *options) { o.timeouts = t }
}

// WithMetadata sends these keys and values, alternately, with every call.
func WithMetadata(keysAndValues ...string) Option {
	return func(o *options) { o.metadata = append(o.metadata, keysAndValues...) }
}

// WithDialOptions passes options on to gRPC; they win over the client's own.
func WithDialOptions(more ...grpc.DialOption) Option {
	return func(o *options) { o.dial = append(o.dial, more...) }
}

// New prepares a client of the server at target, "host:port" or any other target
// of gRPC's. The connection is made with the first call.
func New(target string, opts ...Option) (*Client, error) {
	o := options{timeouts: DefaultTimeouts()}
	for _, opt := range opts {
		opt(&o)
	}
	creds, err := o.transport()
	if err != nil {
		return nil, err
	}
	if len(o.metadata)%2 != 0 {
		return nil, errors.New("doppel: WithMetadata wants keys and values alternately")
	}
	header := append([]string{"doppel-client", "go/" + Version}, o.metadata...)
	dial := []grpc.DialOption{
		grpc.WithTransportCredentials(creds),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReceiveBytes)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: keepaliveTime, Timeout: keepaliveTimeout,
		}),
		grpc.WithUserAgent("doppel-go/" + Version),
		grpc.WithChainUnaryInterceptor(unaryInterceptor(header)),
		grpc.WithChainStreamInterceptor(streamInterceptor(header)),
	}
	conn, err := grpc.NewClient(target, append(dial, o.dial...)...)
	if err != nil {
		return nil, fmt.Errorf("doppel: target %q: %w", target, err)
	}
	return newClient(conn, o.timeouts), nil
}

func (o *options) transport() (credentials.TransportCredentials, error) {
	switch {
	case o.insecure && o.credentials != nil:
		return nil, errors.New("doppel: credentials are of no use with WithInsecure")
	case o.insecure:
		return insecure.NewCredentials(), nil
	case o.credentials != nil:
		return o.credentials, nil
	default:
		return credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12}), nil
	}
}

func newClient(conn *grpc.ClientConn, timeouts Timeouts) *Client {
	return &Client{
		conn:         conn,
		timeouts:     timeouts,
		capabilities: doppelv1.NewCapabilitiesServiceClient(conn),
		manifests:    doppelv1.NewManifestServiceClient(conn),
		environments: doppelv1.NewEnvironmentServiceClient(conn),
		planning:     doppelv1.NewPlanningServiceClient(conn),
		executions:   doppelv1.NewExecutionServiceClient(conn),
	}
}

// Close closes the connection; calls that are under way end.
func (c *Client) Close() error { return c.conn.Close() }

// Conn is the connection, for calls that have no method here; they fail with an
// *Error as well.
func (c *Client) Conn() *grpc.ClientConn { return c.conn }

// GetCapabilities tells what the server is and can do.
func (c *Client) GetCapabilities(
	ctx context.Context,
) (*doppelv1.GetCapabilitiesResponse, error) {
	return call(ctx, c.timeouts.Call, c.capabilities.GetCapabilities,
		&doppelv1.GetCapabilitiesRequest{})
}
