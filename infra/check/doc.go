// Package check holds to their word the documents and the parts that no single package can see: the floors of internal/,
// the size of files, who may call which operation, what each function's role allows, and the texts of all codes. It has
// nothing but tests.
package check
