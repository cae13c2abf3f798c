package dev

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/infra/local/function"
)

// InvokePath is below which functions are called as Lambda's own API calls them, so that a client of Lambda with this
// address as its endpoint can: make replay does.
const InvokePath = "/dev/lambda"

// longestEvent is what Lambda takes in one call.
const longestEvent = 6 << 20

// Functions are those that can be called by hand, under their logical ids.
type Functions map[string]function.Function

func (f Functions) mount(mux *http.ServeMux) {
	mux.HandleFunc("POST "+InvokePath+"/2015-03-31/functions/{name}/invocations", f.invoke)
}

// invoke answers with what the function does. That it failed is a header, as with Lambda: the call itself went well.
func (f Functions) invoke(w http.ResponseWriter, r *http.Request) {
	called, known := f[r.PathValue("name")]
	if !known {
		w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
		http.Error(w, `{"Message": "no such function; there are `+strings.Join(slices.Sorted(maps.Keys(f)), " ")+`"}`, http.StatusNotFound)
		return
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestEvent))
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		w.Header().Set("X-Amzn-Errortype", "RequestTooLargeException")
		http.Error(w, `{"Message": "the event is longer than 6 MB"}`, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		return // the caller went away
	}
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	out, err := called.Call(r.Context(), payload)
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		out, _ = json.Marshal(map[string]string{"errorMessage": err.Error()}) // strings alone
	}
	_, _ = w.Write(out)
}
