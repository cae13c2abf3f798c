// Command openapi writes infra/openapi/openapi.json, the OpenAPI 3.1 document of all operations, as the code declares
// them: `go run ./infra/openapi` from anywhere in the module. It owns the file and nothing that stands in it; the tests
// here hold the file to the code, and the code to the routes of template.yaml.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

func main() {
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func write() error {
	file, err := file()
	if err != nil {
		return err
	}
	document, err := functions.Describe().OpenAPI()
	if err != nil {
		return err
	}
	return os.WriteFile(file, document, 0o644)
}

// file is where the document is kept, whatever the working folder.
func file() (string, error) {
	root, err := template.Root()
	return filepath.Join(root, "infra", "openapi", "openapi.json"), err
}
