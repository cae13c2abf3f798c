package order

import (
	"context"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/request"
)

// known is what an order is decided on: rows as they were read, in one call.
type known struct {
	account   account.Account
	cart      cartRow
	quote     table.Item
	contracts map[id.Contract]contract.Row
	lines     map[place]contract.LineRow
	centers   map[id.CostCenter]costcenter.Row
	// claims say whose a name is by the folded name's row, counts how many cost centers are active.
	claims map[table.Key]id.CostCenter
	counts table.Item
	// pending are the removals of lines that have some, the youngest first.
	pending map[place][]removal.Row
	// requests are those that the cart was asked for with.
	requests []request.Row
}

// place is a line by its names.
type place struct {
	Contract id.Contract
	Product  string
}

// asked is what is to be known.
type asked struct {
	places   []place
	parts    []Part
	requests []id.Request
	// quote is one that is to be bought; with it comes all that a purchase is guarded by.
	quote id.Quote
}

// know reads what is asked for: 1 call for each 100 rows, a unit each, and 1 Query for each line that has pending removals,
// at once, where it is to be bought or rehearsed.
func (s *Store) know(ctx context.Context, b Buying, q asked) (known, error) {
	a := b.Account.ID
	k := known{
		account: b.Account, contracts: map[id.Contract]contract.Row{}, lines: map[place]contract.LineRow{},
		centers: map[id.CostCenter]costcenter.Row{}, claims: map[table.Key]id.CostCenter{}, pending: map[place][]removal.Row{},
	}
	keys := q.keys(b)
	if len(keys) == 0 {
		return k, nil
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return k, err
	}
	for _, p := range q.places {
		if _, read := k.contracts[p.Contract]; !read {
			if k.contracts[p.Contract], err = contract.Read(rows[table.Contract(a, p.Contract)]); err != nil {
				return k, err
			}
		}
		if k.lines[p], err = contract.ReadLine(rows[table.Line(a, p.Contract, p.Product)]); err != nil {
			return k, err
		}
	}
	for _, r := range q.requests {
		row, err := request.Read(rows[table.Request(a, r)])
		if err != nil {
			return k, err
		}
		k.requests = append(k.requests, row)
	}
	if err := k.readCenters(a, q.parts, rows); err != nil || q.quote == "" {
		return k, err
	}
	k.quote = rows[table.Quote(a, q.quote)]
	if err := table.Decode(rows[table.Settings(a)], &k.account); err != nil {
		return k, err
	}
	k.cart, err = readCart(rows[b.cartKey()])
	return k, err
}

func (q asked) keys(b Buying) []table.Key {
	a := b.Account.ID
	var keys []table.Key
	for _, p := range q.places {
		keys = append(keys, table.Contract(a, p.Contract), table.Line(a, p.Contract, p.Product))
	}
	for _, r := range q.requests {
		keys = append(keys, table.Request(a, r))
	}
	founded := false
	for _, p := range q.parts {
		switch {
		case p.New:
			keys = append(keys, table.CostCenterName(a, p.CostCenterName))
			founded = true
		case p.CostCenter != "":
			keys = append(keys, table.CostCenter(a, p.CostCenter))
		}
	}
	if founded {
		keys = append(keys, table.CostCenterCounts(a))
	}
	if q.quote != "" {
		keys = append(keys, table.Quote(a, q.quote), table.Settings(a), b.cartKey())
	}
	return keys
}

// readCenters understands the cost centers of parts, and whose the names of new ones are.
func (k *known) readCenters(a id.Account, parts []Part, rows map[table.Key]table.Item) error {
	k.counts = rows[table.CostCenterCounts(a)]
	for _, p := range parts {
		if p.New {
			key := table.CostCenterName(a, p.CostCenterName)
			cc, err := costcenter.ReadClaim(rows[key])
			if err != nil {
				return err
			}
			k.claims[key] = cc
			continue
		}
		row, err := costcenter.Read(rows[table.CostCenter(a, p.CostCenter)])
		if err != nil {
			return err
		}
		k.centers[p.CostCenter] = row
	}
	return nil
}

// claimed reads the cost centers that have names which were to be new ones: 1 call, none where nobody has them.
func (s *Store) claimed(ctx context.Context, b Buying, k *known) error {
	var taken []id.CostCenter
	for _, cc := range k.claims {
		if cc != "" {
			taken = append(taken, cc)
		}
	}
	rows, err := s.centers.Rows(ctx, b.Account.ID, taken)
	maps.Copy(k.centers, rows)
	return err
}

// removals reads the pending removals of the lines that have some: 1 Query each, at once.
func (s *Store) pendingOf(ctx context.Context, b Buying, k *known) error {
	var places []place
	for p, line := range k.lines {
		if line.Pending > 0 {
			places = append(places, p)
		}
	}
	found := make([][]removal.Row, len(places))
	each, ctx := errgroup.WithContext(ctx)
	for i, p := range places {
		each.Go(func() (err error) {
			found[i], err = s.removals.Pending(ctx, b.Account.ID, p.Product, p.Contract)
			return err
		})
	}
	err := each.Wait()
	for i, p := range places {
		k.pending[p] = found[i]
	}
	return err
}

// supplied tells which products the account has an active line of, of those that others need: 1 Query each, at once.
func (s *Store) supplied(ctx context.Context, b Buying, products []string) (map[string]bool, error) {
	slices.Sort(products)
	products = slices.Compact(products)
	has := make([]bool, len(products))
	each, ctx := errgroup.WithContext(ctx)
	for i, product := range products {
		each.Go(func() error {
			having, err := s.having(ctx, b, product, 1)
			has[i] = len(having) > 0
			return err
		})
	}
	err := each.Wait()
	all := map[string]bool{}
	for i, product := range products {
		all[product] = has[i]
	}
	return all, err
}
