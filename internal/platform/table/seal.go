package table

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// tokenLife is how long a page token serves.
const tokenLife = 24 * time.Hour

// Sealer makes page tokens: positions that are encrypted, because sort values hold names, and bound to what they were
// made for, so that a token of another account, caller or query is worthless.
type Sealer struct {
	aead   cipher.AEAD
	random io.Reader
}

// NewSealer seals with a key derived from secret (at least 32 random characters); random gives the nonces:
// crypto/rand.Reader outside of tests.
func NewSealer(secret string, random io.Reader) (*Sealer, error) {
	if len(secret) < 32 {
		return nil, fmt.Errorf("page token secret: %d characters, at least 32 are needed", len(secret))
	}
	key := sha256.Sum256([]byte(secret))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("page token key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("page token key: %w", err)
	}
	return &Sealer{aead: aead, random: random}, nil
}

type sealed struct {
	At       int64           `json:"t"`
	Position json.RawMessage `json:"p"`
}

// Seal makes a token of a position, bound to what the binding names.
func (s *Sealer) Seal(binding string, now time.Time, position any) (string, error) {
	inner, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("seal page token: %w", err)
	}
	plain, err := json.Marshal(sealed{At: now.Unix(), Position: inner})
	if err != nil {
		return "", fmt.Errorf("seal page token: %w", err)
	}
	nonce := make([]byte, s.aead.NonceSize())
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return "", fmt.Errorf("seal page token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, []byte(binding))), nil
}

// Open reads a token that Seal made for the same binding. Anything else is the fault page_token_invalid; one older
// than 24 hours is page_token_expired (both 400).
func (s *Sealer) Open(token, binding string, now time.Time, position any) error {
	invalid := fault.New(fault.Malformed, "page_token_invalid")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return invalid
	}
	nonce, box := raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():]
	plain, err := s.aead.Open(nil, nonce, box, []byte(binding))
	if err != nil {
		return invalid
	}
	var in sealed
	if err := json.Unmarshal(plain, &in); err != nil {
		return invalid.Because(err)
	}
	if now.Sub(time.Unix(in.At, 0)) > tokenLife {
		return fault.New(fault.Malformed, "page_token_expired")
	}
	if err := json.Unmarshal(in.Position, position); err != nil {
		return invalid.Because(err)
	}
	return nil
}
