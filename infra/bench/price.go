package main

// Prices of AWS in us-east-1, in dollars, as its price pages had them on priced. What a month's traffic makes cheaper, and what
// everybody pays alike (memory over time of a call, logs, transfer), is not in them.
const (
	priced = "2026-11-20"

	perMillionRequests    = 1.00  // HTTP API
	perMillionInvocations = 0.20  // Lambda, a request
	perMillionWriteUnits  = 0.625 // DynamoDB, on demand
	perMillionReadUnits   = 0.125
)

// perMillion is what a million of a request cost: the request, the function's invocation, and the units. The authorizer
// is not counted: API Gateway keeps its answer.
func perMillion(read, write float64) float64 {
	return perMillionRequests + perMillionInvocations + read*perMillionReadUnits + write*perMillionWriteUnits
}
