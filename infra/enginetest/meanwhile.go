package enginetest

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Meanwhile has do wait at one of its calls of the engine, a "get" or a "write", after skip others of that kind; does
// something else for as long as that takes; and gives do's answer. What was done meanwhile is done before that call is made,
// however slow the machine is.
func Meanwhile(t testing.TB, call string, skip int, do func(client *dynamodb.Client, table string) error, meanwhile func()) error {
	t.Helper()
	client, table := Open(t)
	way := &waits{HTTPClient: client.Options().HTTPClient, call: call, skip: skip, came: make(chan struct{}), goes: make(chan struct{})}
	done := make(chan error, 1)
	go func() {
		done <- do(dynamodb.New(client.Options(), func(with *dynamodb.Options) { with.HTTPClient = way }), table)
	}()
	select {
	case err := <-done:
		t.Fatalf("it never came to the call (%v)", err)
	case <-way.came:
	}
	var err error
	func() {
		defer func() { // also where meanwhile ends the test
			close(way.goes)
			err = <-done
		}()
		meanwhile()
	}()
	return err
}

// waits is a way to the engine on which one call waits until it may go.
type waits struct {
	dynamodb.HTTPClient
	call       string
	came, goes chan struct{}

	mu   sync.Mutex
	skip int // below zero once the call came
}

func (w *waits) Do(r *http.Request) (*http.Response, error) {
	if w.isIt(r) {
		close(w.came)
		<-w.goes
	}
	return w.HTTPClient.Do(r)
}

// isIt tells whether a request is the call that waits. It counts those of its kind.
func (w *waits) isIt(r *http.Request) bool {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	kinds := map[string]string{"GetItem": "get", "BatchGetItem": "get", "PutItem": "write", "UpdateItem": "write", "DeleteItem": "write", "TransactWriteItems": "write"}
	if kinds[operation] != w.call {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skip--
	return w.skip == -1
}
