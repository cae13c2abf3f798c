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
