// Package check holds to their word the documents and the parts that no single package can see: the floors of internal/,
// the size of files, who may call which operation, what each function's role allows, and the texts of all codes. Besides
// its tests it has what they stand on: a town of accounts, the gateway before the functions, and how every operation is
// called (Calls), which infra/bench measures too.
package check
