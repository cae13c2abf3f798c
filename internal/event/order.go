package event

import (
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// SeatsPurchased is made beside OrderPlaced, one for each row of the order.
const SeatsPurchased = "SeatsPurchased"

// Purchased says that an order added seats to a line.
type Purchased struct {
	Heading
	Author       Author      `json:"author"`
	OrderID      id.Order    `json:"orderId"`
	ContractID   id.Contract `json:"contractId"`
	ContractName string      `json:"contractName"`
	ProductID    string      `json:"productId"`
	ProductName  string      `json:"productName"`
	// Quantity is what was ordered; Reinstated of those were pending removal and are kept.
	Quantity   int `json:"quantity"`
	Reinstated int `json:"reinstated"`
	// By says who carries them, by the id of the cost center; none is nobody.
	By map[string]int `json:"byCostCenter"`
}

// purchases are the rows of an order's record, as it was stored.
func purchases(r activity.Record) []Purchased {
	rows, _ := r.After["rows"].([]any)
	var all []Purchased
	for _, v := range rows {
		row, ok := v.(map[string]any)
		if !ok || r.Action != activity.OrderPlaced {
			continue
		}
		word := func(field string) string { s, _ := row[field].(string); return s }
		p := Purchased{
			OrderID: id.Order(r.Subject.ID), ContractID: id.Contract(word("contractId")), ContractName: word("contractName"),
			ProductID: word("productId"), ProductName: word("productName"), By: map[string]int{},
		}
		if n := whole(row["quantity"]); n != nil {
			p.Quantity = *n
		}
		if n := whole(row["reinstated"]); n != nil {
			p.Reinstated = *n
		}
		carried, _ := row["byCostCenter"].(map[string]any)
		for cc, v := range carried {
			if n := whole(v); n != nil {
				p.By[cc] = *n
			}
		}
		all = append(all, p)
	}
	return all
}

// purchased are the events of the rows of an order's record.
func purchased(r activity.Record, by Author) []Event {
	var all []Event
	for _, p := range purchases(r) {
		p.Heading, p.Author = heading("evt_"+string(r.ID)+"_seats_"+p.ProductID, r.At, r.Account), by
		all = append(all, Event{SeatsPurchased, p.Heading, p})
	}
	return all
}

// boughtFor is the contract whose line of a product a record is about: its subject, or, of an order, the row's.
func boughtFor(r activity.Record, product string) (id.Contract, string) {
	for _, p := range purchases(r) {
		if p.ProductID == product {
			return p.ContractID, p.ContractName
		}
	}
	return id.Contract(r.Subject.ID), r.Subject.Name
}
