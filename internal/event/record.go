package event

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// SeatLimitChanged is made beside the event of the record that changed the limit.
const SeatLimitChanged = "SeatLimitChanged"

// types names the event that each action of an account becomes. Those of the vendor alone become none: they are the empty
// text here, so that an action that somebody forgot is seen.
var types = map[activity.Action]string{
	activity.AccountCreated:           "AccountCreated",
	activity.AccountChanged:           "AccountChanged",
	activity.PartnerLinked:            "AccountPartnerLinked",
	activity.PartnerUnlinked:          "AccountPartnerUnlinked",
	activity.Recounted:                "AccountRecounted",
	activity.MemberEnrolled:           "MemberEnrolled",
	activity.MemberSignedInFirst:      "MemberSignedInFirst",
	activity.UserAdded:                "UserAdded",
	activity.UserChanged:              "UserChanged",
	activity.UserDeactivated:          "UserDeactivated",
	activity.UserReactivated:          "UserReactivated",
	activity.UserQueuesChanged:        "UserQueuesChanged",
	activity.InvitationSent:           "UserInvitationSent",
	activity.PermissionSetCreated:     "PermissionSetCreated",
	activity.PermissionSetChanged:     "PermissionSetChanged",
	activity.PermissionSetDeleted:     "PermissionSetDeleted",
	activity.ContractImported:         "ContractImported",
	activity.ContractChanged:          "ContractChanged",
	activity.TermsChanged:             "ContractTermsChanged",
	activity.ContractExpiring:         "ContractExpiring",
	activity.ContractExpired:          "ContractExpired",
	activity.SystemImported:           "SystemImported",
	activity.SystemChanged:            "SystemChanged",
	activity.SystemsConnected:         "SystemConnected",
	activity.SystemDisconnected:       "SystemDisconnected",
	activity.PoolsChanged:             "LinePoolsChanged",
	activity.SeatAssigned:             "SeatAssigned",
	activity.SeatRemoved:              "SeatRemoved",
	activity.SeatsChanged:             "SeatChanged",
	activity.SeatMoved:                "SeatMoved",
	activity.CostCenterCreated:        "CostCenterCreated",
	activity.CostCenterChanged:        "CostCenterChanged",
	activity.CostCenterArchived:       "CostCenterArchived",
	activity.CostCenterReactivated:    "CostCenterReactivated",
	activity.LicencesRemovalScheduled: "LicencesRemovalScheduled",
	activity.LicencesRemovalWithdrawn: "LicencesRemovalWithdrawn",
	activity.LicencesRemoved:          "LicencesRemoved",
	activity.RequestSent:              "RequestSent",
	activity.RequestAnswered:          "RequestAnswered",
	activity.RequestInCart:            "RequestInCart",
	activity.RequestWithdrawn:         "RequestWithdrawn",
	activity.RequestReopened:          "RequestReopened",
	activity.OrderPlaced:              "OrderPlaced",
	activity.ExportRequested:          "ExportRequested",
	activity.ExportFinished:           "ExportFinished",
	activity.UserErased:               "UserErased",
	activity.PartnerCreated:           "",
	activity.StaffEnrolled:            "",
	activity.StaffInvited:             "",
	activity.StaffSignedInFirst:       "",
	activity.StaffRemoved:             "",
	activity.ProductAdded:             "",
	activity.SellerChanged:            "",
	activity.ProductChanged:           "",
}

// TypeOf names the event that an action of an account becomes.
func TypeOf(a activity.Action) string { return types[a] }

// Recorded is what an activity record tells. From where its author called is left out: it is no business of those who
// listen.
type Recorded struct {
	Heading
	Author  Author           `json:"author"`
	Subject activity.Thing   `json:"subject"`
	Targets []activity.Thing `json:"targets,omitempty"`
	// Before and After hold what changed, by the field's name in the API.
	Before activity.Values `json:"before,omitempty"`
	After  activity.Values `json:"after,omitempty"`
	// Days and Expiry are of ContractExpiring and ContractExpired alone, from the record's After: the step of the ladder
	// (0 is the expiry itself), and the expiry date that it was seen for.
	Days   *int      `json:"days,omitempty"`
	Expiry date.Date `json:"expiryDate,omitempty"`
}

// Author is who did it.
type Author struct {
	Kind access.Kind `json:"kind"`
	ID   string      `json:"id,omitempty"`
	Name string      `json:"name,omitempty"`
}

// LimitChanged says that a line has another limit of seats; null is a line that nobody set a limit for.
type LimitChanged struct {
	Heading
	Author       Author      `json:"author"`
	ContractID   id.Contract `json:"contractId"`
	ContractName string      `json:"contractName"`
	ProductID    string      `json:"productId"`
	Before       *int        `json:"before"`
	After        *int        `json:"after"`
}

// OfRecord is the event that a record of an account becomes, and one more for each line whose limit it changed, and for
// each row of an order. The vendor's own records become none. An error is an action that is not known here.
func OfRecord(r activity.Record) ([]Event, error) {
	kind, known := types[r.Action]
	if !known {
		return nil, fmt.Errorf("record %s: the action %q has no type of event", r.ID, r.Action)
	}
	if kind == "" || r.Account == "" {
		return nil, nil
	}
	h := heading("evt_"+string(r.ID), r.At, r.Account)
	by := Author{r.Author.Kind, r.Author.ID, r.Author.Name}
	detail := Recorded{Heading: h, Author: by, Subject: r.Subject, Targets: r.Targets, Before: r.Before, After: r.After}
	if r.Action == activity.ContractExpiring || r.Action == activity.ContractExpired {
		detail.Days = whole(r.After["days"])
		expiry, _ := r.After["expiryDate"].(string)
		detail.Expiry = date.Date(expiry)
	}
	all := append([]Event{{kind, h, detail}}, purchased(r, by)...)
	for _, field := range slices.Sorted(maps.Keys(r.After)) {
		product, limit := strings.CutSuffix(field, ".limit")
		product, line := strings.CutPrefix(product, "lines.")
		was, is := whole(r.Before[field]), whole(r.After[field])
		if !limit || !line || same(was, is) {
			continue
		}
		ctr, name := boughtFor(r, product)
		h := heading("evt_"+string(r.ID)+"_limit_"+product, r.At, r.Account)
		all = append(all, Event{SeatLimitChanged, h, LimitChanged{
			Heading: h, Author: by, ContractID: ctr, ContractName: name, ProductID: product, Before: was, After: is,
		}})
	}
	return all, nil
}

// whole is a number of a record, however it was read; nil is none.
func whole(v any) *int {
	var n int
	switch v := v.(type) {
	case int:
		n = v
	case float64:
		n = int(v)
	default:
		return nil
	}
	return &n
}

func same(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }
