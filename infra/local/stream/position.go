package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/seatkeeper/seatkeeper/infra/local/file"
)

// positions are how far each shard was worked through, in a file. A position is written after its records are settled,
// never before: whoever is killed between the two has them handed over again.
type positions struct {
	name string

	mu     sync.Mutex
	stream string
	shards map[string]position
}

type position struct {
	After string `json:"after,omitempty"` // sequence number of the last settled record; empty: none yet
	Done  bool   `json:"done,omitempty"`  // the shard is closed and nothing is left in it
}

type positionsFile struct {
	Stream string              `json:"stream"`
	Shards map[string]position `json:"shards"`
}

// openPositions reads the file. Positions of another stream are forgotten: the table was made anew since.
func openPositions(name, stream string) (*positions, error) {
	p := &positions{name: name, stream: stream, shards: map[string]position{}}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("position in the stream: %w", err)
	}
	var kept positionsFile
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, fmt.Errorf("position in the stream: %s: %w", name, err)
	}
	if kept.Stream == stream && kept.Shards != nil {
		p.shards = kept.Shards
	}
	return p, nil
}

func (p *positions) of(shard string) position {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shards[shard]
}

func (p *positions) set(shard string, to position) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shards[shard] = to
	return p.write()
}

// keep forgets shards that the stream has no more.
func (p *positions) keep(there map[string]bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	forgot := false
	for shard := range p.shards {
		if !there[shard] {
			delete(p.shards, shard)
			forgot = true
		}
	}
	if !forgot {
		return nil
	}
	return p.write()
}

func (p *positions) write() error {
	text, err := json.MarshalIndent(positionsFile{p.stream, p.shards}, "", "  ")
	if err != nil {
		return fmt.Errorf("position in the stream: %w", err)
	}
	return file.Write(p.name, text)
}
