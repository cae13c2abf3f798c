package removal

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
)

// Shown are the services of lines as they were read some time ago.
func (s *Store) Shown(ctx context.Context, c account.Call, lines ...contract.Line) ([]Service, error) {
	products, err := s.catalog.All(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	of, err := s.stock(ctx, c.AccountID, lines)
	shown := make([]Service, len(lines))
	for i, l := range lines {
		shown[i] = of.show(l, c, products)
	}
	return shown, err
}
