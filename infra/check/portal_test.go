package check

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/portal"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// cloudFront is what template.yaml says of the portal's answers. The YAML library drops !If and !Sub and leaves what they are given.
type cloudFront struct {
	Resources struct {
		PortalHeaders struct {
			Properties struct {
				Config struct {
					Security struct {
						Content struct {
							Policy []string `yaml:"ContentSecurityPolicy"` // the condition, and the two texts
						} `yaml:"ContentSecurityPolicy"`
						TypeOptions *struct{} `yaml:"ContentTypeOptions"`
						Frame       struct {
							Option string `yaml:"FrameOption"`
						} `yaml:"FrameOptions"`
						Referrer struct {
							Policy string `yaml:"ReferrerPolicy"`
						} `yaml:"ReferrerPolicy"`
						Transport struct {
							Seconds    int  `yaml:"AccessControlMaxAgeSec"`
							Subdomains bool `yaml:"IncludeSubdomains"`
						} `yaml:"StrictTransportSecurity"`
					} `yaml:"SecurityHeadersConfig"`
					Custom struct {
						Items []struct {
							Header string `yaml:"Header"`
							Value  string `yaml:"Value"`
						} `yaml:"Items"`
					} `yaml:"CustomHeadersConfig"`
				} `yaml:"ResponseHeadersPolicyConfig"`
			} `yaml:"Properties"`
		} `yaml:"PortalHeaders"`
		PortalPages struct {
			Properties struct {
				Code string `yaml:"FunctionCode"`
			} `yaml:"Properties"`
		} `yaml:"PortalPages"`
	} `yaml:"Resources"`
}

// A page that works in front of the local stack must work in front of CloudFront, and be as safe.
func TestCloudFrontSendsThePortalsHeaders(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var read cloudFront
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	config := read.Resources.PortalHeaders.Properties.Config
	policies := config.Security.Content.Policy
	if len(policies) != 3 {
		t.Fatalf("the policy is %q, want a condition and two texts", policies)
	}
	for i, issuer := range []string{"https://${UserPoolDomain}.auth.${AWS::Region}.amazoncognito.com", "${SignInOrigins}"} {
		sent := map[string]string{
			"Content-Security-Policy": policies[i+1], "X-Frame-Options": config.Security.Frame.Option, "Referrer-Policy": config.Security.Referrer.Policy,
		}
		if config.Security.TypeOptions != nil {
			sent["X-Content-Type-Options"] = "nosniff"
		}
		transport := "max-age=" + strconv.Itoa(config.Security.Transport.Seconds)
		if config.Security.Transport.Subdomains {
			transport += "; includeSubDomains"
		}
		sent["Strict-Transport-Security"] = transport
		for _, h := range config.Custom.Items {
			sent[h.Header] = h.Value
		}
		want := map[string]string{}
		for _, h := range portal.Headers(issuer) {
			want[h.Name] = h.Value
		}
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("CloudFront's headers (-local +template.yaml):\n%s", diff)
		}
	}
	// JavaScript wants the slashes outside of brackets escaped.
	if code := read.Resources.PortalPages.Properties.Code; !strings.Contains(code, "/"+strings.NewReplacer("^/(", `^\/(`, "assets/", `assets\/`).Replace(portal.File)+"/.test(") {
		t.Errorf("CloudFront takes other paths for files than %s:\n%s", portal.File, code)
	}
}
