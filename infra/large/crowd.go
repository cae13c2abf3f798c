package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// products is how many there are; a contract is of one of them, and everybody has a seat of each.
const products = 10

// began dates the ids, so that a repeat makes the same.
var began = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// crowd is what an account is to hold.
type crowd struct {
	account id.Account
	now     time.Time
	people  []user.Holding
	details []user.Details
	covers  []contract.Contract
	lines   []contract.Line
	systems []system.System
	seats   []seat.Seat
}

// newCrowd makes people, contracts, systems and seats that agree with each other.
func newCrowd(a id.Account, now time.Time, people, contracts, systems int) *crowd {
	ids := id.NewMaker(rand.NewChaCha8(sha256.Sum256([]byte("large " + a))))
	c := &crowd{account: a, now: now}
	c.agree(ids, contracts)
	c.hire(ids, people)
	c.connect(ids, systems)
	for i, l := range c.lines {
		// Most lines have some free; of a hundred ten are full and ten near it.
		limit := l.Used + l.Used/3 + 1
		switch i % 10 {
		case 3:
			limit = l.Used
		case 7:
			limit = l.Used + l.Used/8
		}
		c.lines[i] = l.With(contract.Quantities{Contracted: &limit})
	}
	return c
}

func (c *crowd) agree(ids *id.Maker, n int) {
	today := date.Date(c.now.Format(time.DateOnly))
	for i := range n {
		facts := contract.Facts{Name: fmt.Sprintf("Order form 2026-%05d", i), Start: today.AddDays(-i % 300), Expiry: today.AddDays(1 + i*7%700), Purchased: 10}
		product := fmt.Sprintf("large-%02d", i%products)
		made := contract.Contract{ID: id.New[id.Contract](ids, began), CRM: crm("800", i), Facts: facts, TermsRev: 1}
		made.Products = made.Products.With(product)
		c.covers = append(c.covers, made)
		c.lines = append(c.lines, contract.NewLine(made, product, fmt.Sprintf("Product %02d", i%products)))
	}
}

// hire adds people, with seats spread evenly over the contracts of each product.
func (c *crowd) hire(ids *id.Maker, n int) {
	first := strings.Fields("Agathe Baptiste Capucine Delphine Émilien Fanny Gaspard Héloïse Ingrid Jérémie Léandre Maëlys Noémie Odile Perrine Quentin Romane")
	last := strings.Fields("Aubry Barbier Carlier Delmas Étienne Fabre Gaillard Huet Jacquet Lacroix Maillard Noël Pasquier Renaud Sabatier Tessier Vasseur Whitaker Verdier")
	for i := range n {
		d := user.Details{Name: fmt.Sprintf("%s %s-%05d", first[i%len(first)], last[i%len(last)], i), Email: fmt.Sprintf("person%05d@large.example", i), Extension: fmt.Sprint(10_000 + i), Roles: []access.Role{access.Viewer}}
		h := user.Holding{User: id.New[id.User](ids, began), Name: d.Name, Extension: d.Extension, State: user.Active, Rev: 1}
		for on := i % max(1, len(c.lines)/products) * products; on < len(c.lines) && len(h.Seats) < products; on++ {
			l := c.lines[on]
			h = h.With(l.Product, user.HeldSeat{Contract: l.Contract})
			c.lines[on] = l.Taken(map[contract.PoolID]int{contract.Unassigned: 1})
			c.seats = append(c.seats, seat.Seat{
				User: h.User, UserName: h.Name, Extension: h.Extension, Product: l.Product, ProductName: l.ProductName, Contract: l.Contract,
				AddedAt: c.now.AddDate(0, 0, -i%400), Rev: 1,
			})
		}
		c.people, c.details = append(c.people, h), append(c.details, d)
	}
}

func (c *crowd) connect(ids *id.Maker, n int) {
	for i := range n {
		s := system.System{ID: id.New[id.System](ids, began), CRM: crm("02i", i), Facts: system.Facts{Name: fmt.Sprintf("System %05d", i), Kind: system.Commercial, URL: fmt.Sprintf("https://s%05d.large.example/", i)}}
		if on := i / 2 % max(1, len(c.covers)); i%2 == 0 && len(c.covers) > 0 {
			s.Contract = c.covers[on].ID
			c.covers[on].Mapped++
		} else if i%20 == 1 {
			s.Kind = system.Trial
		}
		c.systems = append(c.systems, s)
	}
}

func crm(noun string, n int) id.CRM {
	c, err := id.ParseCRM(fmt.Sprintf("%sLarge%07d", noun, n))
	if err != nil {
		panic(err) // fifteen letters and digits are always one
	}
	return c
}

// rows are the table's.
func (c *crowd) rows(ctx context.Context) (map[table.Key]table.Item, error) {
	rows := map[table.Key]table.Item{}
	for i, made := range c.covers {
		ops, err := contract.CreateOps(c.account, made.Settled(c.now))
		if err != nil {
			return nil, err
		}
		line, err := contract.LineOp(c.account, contract.LineRow{}, c.lines[i])
		if err != nil {
			return nil, err
		}
		table.Apply(rows, append(ops, line))
	}
	for _, s := range c.systems {
		ops, err := system.CreateOps(c.account, s)
		if err != nil {
			return nil, err
		}
		table.Apply(rows, ops)
	}
	return rows, errors.Join(c.addPeople(ctx, rows), c.addSeats(rows))
}

func (c *crowd) addPeople(ctx context.Context, rows map[table.Key]table.Item) error {
	store := user.NewStore(nil, id.NewMaker(rand.NewChaCha8(sha256.Sum256([]byte(c.account)))), nil)
	ch := user.Change{Account: c.account, Caller: access.Caller{Kind: access.Operator}, Now: c.now, By: activity.Author{Kind: access.Operator, Name: "Seatkeeper"}}
	for i, h := range c.people {
		ops, err := store.Ops(ctx, ch, user.Seen{}, user.User{ID: h.User, Details: c.details[i], State: user.Active, AddedAt: c.now, Rev: 1})
		if err != nil {
			return err
		}
		table.Apply(rows, ops)
		if rows[table.Holding(c.account, h.User)], err = table.Encode(h); err != nil {
			return err
		}
	}
	// Nobody did this, so no records say so: each would go out as an event.
	for key := range rows {
		if strings.HasPrefix(key.SK, "act_") {
			delete(rows, key)
		}
	}
	return nil
}

func (c *crowd) addSeats(rows map[table.Key]table.Item) error {
	for _, s := range c.seats {
		item, err := table.Encode(s)
		if err != nil {
			return err
		}
		table.SeatSorts(s.Product, s.Contract, string(contract.Unassigned), s.UserName, s.User).Put(item)
		rows[table.Seat(c.account, s.User, s.Product)] = item
	}
	return nil
}

// write puts the rows, many at once; the engine of one machine leaves none over.
func write(ctx context.Context, client *dynamodb.Client, name string, rows map[table.Key]table.Item) error {
	const batch, writers = 25, 4
	busy, ctx := errgroup.WithContext(ctx)
	busy.SetLimit(writers)
	puts := make([]types.WriteRequest, 0, batch)
	send := func() {
		in := &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{name: puts}}
		puts = make([]types.WriteRequest, 0, batch)
		busy.Go(func() error {
			out, err := client.BatchWriteItem(ctx, in)
			if err == nil && len(out.UnprocessedItems) > 0 {
				err = errors.New("the engine left rows over")
			}
			return err
		})
	}
	for key, item := range rows {
		if item == nil {
			continue
		}
		item["PK"], item["SK"] = &types.AttributeValueMemberS{Value: key.PK}, &types.AttributeValueMemberS{Value: key.SK}
		if puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}}); len(puts) == batch {
			send()
		}
	}
	if len(puts) > 0 {
		send()
	}
	return busy.Wait()
}
