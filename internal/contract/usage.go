package contract

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	// maxAttention is how many lines of active contracts the banners count, give or take those of one read.
	maxAttention = 200
	// maxAttentionReads bounds what they look at where those of expired contracts stand between.
	maxAttentionReads = 5
)

type usageInput struct {
	httpapi.Paging
	State     string `query:"state" enum:"attention,warning,full,over_limit,not_set" doc:"Lines in that state; attention: in any of them."`
	ProductID string `query:"productId" maxLength:"60"`
}

// UsageWire is a line among those of all contracts.
type UsageWire struct {
	ContractID   id.Contract `json:"contractId"`
	ContractName string      `json:"contractName"`
	Status       Status      `json:"status" enum:"active,expired"`
	LineWire
}

// UsageBanner stands at the top while lines of active contracts are in a state.
type UsageBanner struct {
	Code    UsageState      `json:"code" enum:"warning,full,over_limit,not_set"`
	Count   int             `json:"count" doc:"Lines in that state."`
	Contact account.Contact `json:"contact" doc:"Whom to contact: the partner, else the representative."`
	Detail  string          `json:"detail"`
}

type usageOutput struct {
	httpapi.Page[UsageWire]
	httpapi.Truncation
	Banners []UsageBanner `json:"banners" nullable:"false"`
}

// usage is 2 Queries at once (4 more where lines of expired contracts fill the attention list), 1 batch for the names of the
// contracts, and 1 call where a partner is named.
func (s *Store) usage(ctx context.Context, accounts *account.Store, c account.Call, in *usageInput) (*usageOutput, error) {
	out := &usageOutput{}
	today := c.Account.Today(c.Now)
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		names := map[id.Contract]Contract{}
		page, err := httpapi.List(c, in.Paging, func(after *table.Position, limit int) (lines []Line, next *table.Position, err error) {
			if lines, next, err = s.UsagePage(ctx, c.AccountID, in.State, in.ProductID, after, limit); err == nil {
				names, err = s.Contracts(ctx, c.AccountID, lines)
			}
			return lines, next, err
		}, func(l Line) UsageWire {
			of := names[l.Contract]
			return UsageWire{l.Contract, of.Name, of.Status(today), l.Show()}
		})
		if err == nil {
			out.Page = *page
		}
		return err
	})
	both.Go(func() (err error) {
		out.Banners, out.Truncated, err = s.usageBanners(ctx, accounts, c, today)
		return err
	})
	return out, both.Wait()
}

// UsagePage reads lines by product, or those of the attention list in a state: 1 Query. Where a state is asked for, a
// page may be shorter than limit.
func (s *Store) UsagePage(ctx context.Context, a id.Account, state, product string, after *table.Position, limit int) ([]Line, *table.Position, error) {
	q := table.Query{PK: table.Lines(a), Limit: limit, After: after}
	if product != "" {
		q.Prefix = table.ProductPrefix(product)
	}
	if state == "" {
		return table.Page[Line](ctx, s.table, q)
	}
	q.Index, q.Prefix = table.LSI2, table.Attention+q.Prefix
	lines, next, err := table.Page[Line](ctx, s.table, q)
	if err != nil {
		return nil, nil, err
	}
	kept := lines[:0]
	for _, l := range lines {
		if state == "attention" || string(l.Usage().State) == state {
			kept = append(kept, l)
		}
	}
	return kept, next, nil
}

// Contracts reads the contracts of lines: 1 call for each 100.
func (s *Store) Contracts(ctx context.Context, a id.Account, lines []Line) (map[id.Contract]Contract, error) {
	keys := make([]table.Key, len(lines))
	for i, l := range lines {
		keys[i] = table.Contract(a, l.Contract)
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	found := make(map[id.Contract]Contract, len(rows))
	for _, item := range rows {
		row, err := Read(item)
		if err != nil {
			return nil, err
		}
		found[row.ID] = row.Contract
	}
	return found, nil
}

// attention counts the lines of active contracts that need attention, by state; more tells that others may follow. Lines
// of expired contracts stay in the list, so it is read on behind them: 1 Query, 5 at most.
func (s *Store) attention(ctx context.Context, a id.Account, today date.Date) (counts map[UsageState]int, more bool, err error) {
	counts = map[UsageState]int{}
	q := table.Query{PK: table.Lines(a), Index: table.LSI2, Prefix: table.Attention, Limit: maxAttention}
	for reads, n := 0, 0; reads < maxAttentionReads && n < maxAttention; reads++ {
		lines, next, err := table.Page[Line](ctx, s.table, q)
		if err != nil {
			return nil, false, err
		}
		for _, l := range lines {
			if l.Expiry > today {
				counts[l.Usage().State]++
				n++
			}
		}
		if next == nil {
			return counts, false, nil
		}
		q.After = next
	}
	return counts, true, nil
}

// usageBanners say how many lines of active contracts need attention, by state, the most urgent first.
func (s *Store) usageBanners(ctx context.Context, accounts *account.Store, c account.Call, today date.Date) ([]UsageBanner, bool, error) {
	counts, more, err := s.attention(ctx, c.AccountID, today)
	if err != nil {
		return nil, false, err
	}
	banners := []UsageBanner{}
	if len(counts) == 0 {
		return banners, more, nil
	}
	whom, err := accounts.Whom(ctx, c.Account)
	if err != nil {
		return nil, false, err
	}
	for _, state := range []UsageState{OverLimit, NotSet, Full, Warning} {
		if n := counts[state]; n > 0 {
			banners = append(banners, UsageBanner{state, n, whom, text.Say(c.Lang, "usage_"+string(state), n, NameOf(whom, c.Lang))})
		}
	}
	return banners, more, nil
}
