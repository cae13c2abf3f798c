package httpapi

// Next is the token of the page behind a position, and empty where there is none: on the last page.
func Next[P, A any](c Call[A], position *P) (token string, err error) {
	if position == nil {
		return "", nil
	}
	return c.NextPage(position)
}

// From reads where a page begins from its token; nil is the first page.
func From[P, A any](c Call[A], token string) (*P, error) {
	if token == "" {
		return nil, nil
	}
	position := new(P)
	return position, c.Position(token, position)
}

// List answers a listing: from its token by read, which gives what is there and where the next page begins, to a page of
// what show makes of each.
func List[P, T, W, A any](c Call[A], p Paging, read func(after *P, limit int) ([]T, *P, error), show func(T) W) (*Page[W], error) {
	after, err := From[P](c, p.PageToken)
	if err != nil {
		return nil, err
	}
	found, next, err := read(after, p.PageSize)
	if err != nil {
		return nil, err
	}
	items := make([]W, len(found))
	for i, one := range found {
		items[i] = show(one)
	}
	token, err := Next(c, next)
	page := NewPage(items, token)
	return &page, err
}
