package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// doors are where the stack is reached. Nobody has to prove who they are to get a token here, so the two of the loopback
// are for this machine alone; the third, for containers, has the issuer's public keys behind it and nothing else.
type doors struct {
	loopback []net.Listener
	bridge   net.Listener // nil where there is no Docker
}

// bridgeInterface is Docker's network of containers, where `sam local` runs the authorizer.
const bridgeInterface = "docker0"

func open(port int) (*doors, error) {
	d := &doors{}
	// Both, for "localhost" means either: another program on one of them would answer half of the requests.
	for _, host := range []string{"127.0.0.1", "::1"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		switch {
		case err == nil:
			d.loopback = append(d.loopback, l)
		case errors.Is(err, syscall.EADDRINUSE):
			d.close()
			return nil, fmt.Errorf("port %d is taken by another program: end that program, or set PORT to a free port", port)
		case host == "::1":
			// A machine without IPv6: nothing there can answer in our place.
		default:
			d.close()
			return nil, fmt.Errorf("port %d cannot be used (PORT): %w", port, err)
		}
	}
	if ip := bridgeAddress(); ip != "" {
		// Without it the stack itself lacks nothing, so whatever stands in the way is no reason to stop.
		d.bridge, _ = net.Listen("tcp", net.JoinHostPort(ip, strconv.Itoa(port)))
	}
	return d, nil
}

func bridgeAddress() string {
	bridge, err := net.InterfaceByName(bridgeInterface)
	if err != nil {
		return ""
	}
	addresses, err := bridge.Addrs()
	if err != nil {
		return ""
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return ""
}

// close closes what no server has closed yet.
func (d *doors) close() {
	for _, l := range d.loopback {
		_ = l.Close()
	}
	if d.bridge != nil {
		_ = d.bridge.Close()
	}
}
