package demo

import (
	"context"
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
)

// The products of the demo.
const (
	telephone  = "telephony-standard"
	agent      = "contact-center"
	recording  = "call-recording"
	fax        = "fax-archive"
	conference = "meetings-pro"
	huddle     = "meetings-basic"
)

// products are the vendor's catalog, each after those that it names: one with features, one that needs another, one
// that is derived, and two that exclude each other.
func products() []catalog.Product {
	return []catalog.Product{
		{ID: telephone, Name: catalog.Name{English: "Telephony Standard", French: "Téléphonie standard"}, Features: []catalog.Feature{
			{ID: "recording", Name: catalog.Name{English: "Recording on demand", French: "Enregistrement à la demande"}},
			{ID: "voicemail", Name: catalog.Name{English: "Voicemail by e-mail", French: "Messagerie vocale par e-mail"}},
		}},
		{ID: conference, Name: catalog.Name{English: "Meetings Pro", French: "Meetings Pro"}, Features: []catalog.Feature{
			{ID: "webinars", Name: catalog.Name{English: "Webinars", French: "Webinaires"}},
		}},
		{ID: huddle, Name: catalog.Name{English: "Meetings Basic", French: "Meetings Basic"}, Excludes: []string{conference}},
		{ID: agent, Name: catalog.Name{English: "Contact Center", French: "Contact Center"}, DependsOn: []string{telephone}, Derived: true},
		{ID: recording, Name: catalog.Name{English: "Call Recording", French: "Enregistrement des appels"}, DependsOn: []string{telephone}},
		{ID: fax, Name: catalog.Name{English: "Fax Archive", French: "Archivage de télécopies"}},
	}
}

// offer fills the catalog.
func (s Seed) offer(ctx context.Context, store *catalog.Store) error {
	for _, p := range products() {
		if _, err := store.Put(ctx, s.Now, seeder(), p, func(catalog.Product) error { return nil }); err != nil {
			return fmt.Errorf("product %s: %w", p.ID, err)
		}
	}
	return nil
}
