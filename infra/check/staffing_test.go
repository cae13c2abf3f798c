package check

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// staffing is the staff of a partner and of the vendor: added, let in or not, removed.
func (s *story) staffing() {
	s.t.Helper()
	company, _ := s.partner("Staffed")
	for _, path := range []string{"/v1/partners/" + string(company) + "/staff", "/v1/operators"} {
		hire := func(key string) (one string, who access.Subject) {
			s.t.Helper()
			who = s.subject()
			who.Email = strings.ToLower(who.ID) + "@example.com"
			add := request{as: s.operator, method: http.MethodPost, path: path, body: fmt.Sprintf(`{"name":"Ada","email":%q,"locale":"fr"}`, who.Email), headers: map[string]string{"idempotency-key": key}}
			one = s.want(http.StatusCreated, add).word("id")
			if again := s.want(http.StatusCreated, add); again.word("id") != one {
				s.t.Errorf("the repeat added somebody else: %s", again.Body)
			}
			return one, who
		}
		first, who := hire(path + "1")
		if met := s.get(who, "/v1/me"); met.word("name") != "Ada" {
			s.t.Errorf("who was added to %s is %s", path, met.Body)
		}
		second, _ := hire(path + "2")
		s.get(s.operator, path)
		for _, one := range []string{first, second} {
			s.want(http.StatusNoContent, request{as: s.operator, method: http.MethodDelete, path: path + "/" + one})
		}
	}
}
