package dev

import "net/http"

// schedules runs the schedules of a function at once: POST /dev/schedules/ExpiryFunction, which make sweep does.
func (e *Endpoints) schedules(w http.ResponseWriter, r *http.Request) {
	out, err := e.Schedules.Now(r.Context(), r.PathValue("function"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(out, '\n'))
}
