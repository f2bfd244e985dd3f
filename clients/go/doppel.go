// Package doppel is the Go client of doppel, which answers what a dbt project
// must build, what it can borrow from another environment and what should be
// copied, and does the copying.
//
// A Client makes the calls of the contract with deadlines, retries and typed
// errors. Requests and answers are the messages of package doppelv1; what the
// client adds is uploads that resume, lists as iterators, state directories, and
// event streams that go on after a break.
package doppel

// Version is the client's version, which it tells to the server.
const Version = "0.1.0"
