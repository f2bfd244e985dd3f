package doppel

import (
	"context"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

// limited gives the context a deadline where it has none.
func limited(
	ctx context.Context, timeout time.Duration,
) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has || timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

// call makes one unary call.
func call[Request, Response any](
	ctx context.Context,
	timeout time.Duration,
	method func(context.Context, Request, ...grpc.CallOption) (Response, error),
	request Request,
) (Response, error) {
	ctx, cancel := limited(ctx, timeout)
	defer cancel()
	return method(ctx, request)
}

type pagedRequest interface {
	proto.Message
	comparable
}

type pagedResponse interface{ GetNextPageToken() string }

// pages reads a list that comes in pages as one. It begins with the request's
// own page_token, and ends with the first error.
func pages[Request pagedRequest, Response pagedResponse, Item any](
	ctx context.Context,
	timeout time.Duration,
	method func(context.Context, Request, ...grpc.CallOption) (Response, error),
	request Request,
	setToken func(Request, string),
	items func(Response) []Item,
) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		next := clone(request)
		for {
			page, err := call(ctx, timeout, method, next)
			if err != nil {
				var none Item
				yield(none, err)
				return
			}
			for _, item := range items(page) {
				if !yield(item, nil) {
					return
				}
			}
			if page.GetNextPageToken() == "" {
				return
			}
			setToken(next, page.GetNextPageToken())
		}
	}
}

// clone copies a request, so that the caller's stays as it is; nil becomes an
// empty one.
func clone[M pagedRequest](message M) M {
	var none M
	if message == none {
		return none.ProtoReflect().New().Interface().(M)
	}
	return proto.Clone(message).(M)
}

func unaryInterceptor(header []string) grpc.UnaryClientInterceptor {
	return func(
		ctx context.Context, method string, request, reply any,
		conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption,
	) error {
		ctx = metadata.AppendToOutgoingContext(ctx, header...)
		return fromRPC(invoke(ctx, method, request, reply, conn, opts...))
	}
}

func streamInterceptor(header []string) grpc.StreamClientInterceptor {
	return func(
		ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn,
		method string, open grpc.Streamer, opts ...grpc.CallOption,
	) (grpc.ClientStream, error) {
		ctx = metadata.AppendToOutgoingContext(ctx, header...)
		stream, err := open(ctx, desc, conn, method, opts...)
		if err != nil {
			return nil, fromRPC(err)
		}
		return typedStream{stream}, nil
	}
}

// typedStream fails with *Error; io.EOF stays what it is.
type typedStream struct{ grpc.ClientStream }

func (s typedStream) SendMsg(message any) error {
	return typed(s.ClientStream.SendMsg(message))
}

func (s typedStream) RecvMsg(message any) error {
	return typed(s.ClientStream.RecvMsg(message))
}

func typed(err error) error {
	if err == io.EOF {
		return err
	}
	return fromRPC(err)
}
