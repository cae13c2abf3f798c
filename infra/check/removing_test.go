package check

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
)

// shrinking is licences that are removed, and what people ask for, in an account without a partner.
func (s *story) shrinking() {
	s.t.Helper()
	p := s.open("Atelier")
	inside, buyer := "/v1/accounts/"+string(p.account), p.buyer
	post := func(as access.Subject, status int, path, body, key string) response {
		s.t.Helper()
		q := request{as: as, method: http.MethodPost, path: inside + path, body: body, headers: map[string]string{}}
		if key != "" {
			q.headers["idempotency-key"] = key
		}
		return s.want(status, q)
	}
	post(buyer, http.StatusOK, "/removals", removeBody(p, "contractId", string(p.contract), false), "")
	post(buyer, http.StatusPreconditionRequired, "/removals", removeBody(p, "contractId", string(p.contract), true), "")
	made := post(buyer, http.StatusOK, "/removals", removeBody(p, "costCenterId", string(p.costCenter), true), "one")
	if again := post(buyer, http.StatusOK, "/removals", removeBody(p, "costCenterId", string(p.costCenter), true), "one"); again.Body != made.Body {
		s.t.Errorf("the repeat is answered %s, want %s", again.Body, made.Body)
	}
	for _, query := range []string{"/services", "/services?productId=" + p.product, "/removals", "/removals?state=pending", "/removals?state=applied"} {
		s.pages(buyer, inside+query)
	}
	one := inside + "/removals/" + made.word("removalId")
	s.get(buyer, one)
	s.want(http.StatusNoContent, request{as: buyer, method: http.MethodDelete, path: one})
	s.want(http.StatusConflict, request{as: buyer, method: http.MethodDelete, path: one})

	viewer := s.member(p, access.Viewer)
	asked := post(viewer, http.StatusCreated, "/requests", requestBody(p, "contractId", string(p.contract)), "one").word("id")
	post(buyer, http.StatusOK, "/requests/"+asked+"/cart", "", "")
	s.want(http.StatusNoContent, request{as: buyer, method: http.MethodDelete, path: inside + "/cart"}) // it is open again
	post(buyer, http.StatusOK, "/requests/"+asked+"/cart", "", "")
	post(buyer, http.StatusOK, "/requests/"+asked+"/answer", `{"state":"declined","message":"Next year"}`, "")
	for _, query := range []string{"", "?state=declined"} {
		s.pages(viewer, inside+"/requests"+query)
	}
	if r := s.get(viewer, inside+"/requests/"+asked); r.word("answer", "message") != "Next year" {
		s.t.Errorf("the author reads %s", r.Body)
	}
	s.want(http.StatusNotFound, request{as: viewer, method: http.MethodGet, path: inside + "/requests/" + string(p.request)})
}

// askedFor has the function that mails send a request to the administrators of a place.
func (s *story) askedFor(p place, tell func(context events.EventBridgeEvent) error) {
	s.t.Helper()
	detail := fmt.Sprintf(`{"version":1,"id":"evt_%[1]s","at":"2026-11-21T09:00:00Z","accountId":%[2]q,"subject":{"noun":"request","id":%[1]q}}`, p.request, p.account)
	s.must(tell(events.EventBridgeEvent{DetailType: "RequestSent", Detail: json.RawMessage(detail)}))
}

// dueRemoval has all that a cost center carries of a line removed on a day before t0: its product is billed by the month.
func (s *story) dueRemoval(db *table.Table, acc account.Account, on contract.Contract, product string) {
	s.t.Helper()
	earlier := t0.AddDate(0, -2, 0)
	by := contract.Changing{Account: acc.ID, Now: earlier, By: s.by}
	cc, err := costcenter.NewStore(db, s.ids).Create(s.t.Context(), costcenter.Change{Account: acc.ID, Now: earlier}, "Workshop", func(costcenter.CostCenter) ([]table.Op, error) { return nil, nil })
	s.must(err)
	pool := contract.PoolOf(cc.ID)
	monthly := catalog.Product{ID: product, Name: catalog.Name{English: "Connect", French: "Connect"}, Offer: catalog.Offer{
		Kind: catalog.Main, TaxCategory: "standard", Prices: []catalog.Price{{Currency: acc.Currency, Period: catalog.Monthly, Tiers: []catalog.Tier{{From: 1, Amount: 1000}}}},
	}}
	_, err = catalog.NewStore(db, s.ids).Put(s.t.Context(), earlier, s.by, monthly, func(catalog.Product) error { return nil })
	s.must(err)
	_, err = contract.NewStore(db, s.ids).SetPools(s.t.Context(), by, on.ID, product, map[contract.PoolID]int{pool: 1})
	s.must(err)
	_, err = removal.NewStore(db, s.ids, catalog.NewStore(db, s.ids)).Remove(s.t.Context(), removal.Change{Account: acc, Now: earlier, By: s.by},
		removal.Wish{Contract: on.ID, Product: product, Period: catalog.Monthly, Counts: map[contract.PoolID]int{pool: 1}}, func(removal.Review) ([]table.Op, error) { return nil, nil })
	s.must(err)
}
