package doppel

import (
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// EnvironmentName is the full name of an environment, "environments/prod", from
// its id; a full name stays as it is.
func EnvironmentName(id string) string { return fullName("environments", id) }

// ManifestName is the full name of the manifest with that SHA-256 in lower-case
// hexadecimal; a full name stays as it is.
func ManifestName(sha256 string) string { return fullName("manifests", sha256) }

func fullName(collection, id string) string {
	if strings.Contains(id, "/") {
		return id
	}
	return collection + "/" + id
}

// Select is a selection in dbt's own syntax: each text as one value of --select.
func Select(values ...string) *doppelv1.Selection {
	return &doppelv1.Selection{Select: values}
}

// FromEnvironment is a source of deferral that may serve what the selection
// says; nil: all. The environment is named in full or by its id.
func FromEnvironment(
	name string, serves *doppelv1.Selection,
) *doppelv1.DeferSource {
	return &doppelv1.DeferSource{
		From: &doppelv1.DeferSource_Environment{
			Environment: EnvironmentName(name),
		},
		Serves: serves,
	}
}

// FromManifest is the same for a manifest without an environment.
func FromManifest(name string, serves *doppelv1.Selection) *doppelv1.DeferSource {
	return &doppelv1.DeferSource{
		From:   &doppelv1.DeferSource_Manifest{Manifest: ManifestName(name)},
		Serves: serves,
	}
}

// newRequestID is a version 4 UUID: a name for one wish, so that asking twice
// does it once.
func newRequestID() string {
	var b [16]byte
	// Never fails: see crypto/rand.
	_, _ = rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
