package main

import (
	"encoding/json"
	"errors"
	"fmt"
)

type openRequest struct {
	Workload string
	Facts    map[string]json.RawMessage
	Jobs     *jobsRequest
}

// jobsRequest is the work as data.
type jobsRequest struct {
	Name        string
	Inputs      json.RawMessage
	Concurrency int
}

type sliceRequest struct {
	Ms    float64
	Batch int64
	// The shortest untimed start.
	LeadMs *float64
	Load   *json.RawMessage
}

type openAnswer struct {
	Did         string  `json:"did"`
	Digest      string  `json:"digest"`
	Concurrency int     `json:"concurrency"`
	Cycle       int     `json:"cycle"`
	FirstJobMs  float64 `json:"firstJobMs"`
	Runtime     string  `json:"runtime"`
}

type resetAnswer struct {
	Did     string `json:"did"`
	Harness cost   `json:"harness"`
}

type sliceAnswer struct {
	Did string `json:"did"`
	samples
	AllJobs int64 `json:"allJobs"`
	cpuCount
}

type closeAnswer struct {
	Did      string         `json:"did"`
	Left     []string       `json:"left"`
	Measures measuresAnswer `json:"measures"`
}

type measuresAnswer struct {
	Latency  []int64  `json:"latency"`
	Lag      []int64  `json:"lag"`
	Memory   memory   `json:"memory"`
	GC       pauses   `json:"gc"`
	Switches switches `json:"switches"`
}

type failure struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	Stack   string `json:"stack"`
}

// failureOf has a stack only for a panic: an error in Go does not know where it was made.
func failureOf(err error) failure {
	var panic *panicked
	if errors.As(err, &panic) {
		return failure{"Panic", err.Error(), panic.stack}
	}
	var wrong *wrongResult
	if errors.As(err, &wrong) {
		return failure{"WrongResultError", err.Error(), ""}
	}
	return failure{"Error", err.Error(), ""}
}

// read decodes one kind of request.
func read[Request any](line []byte) (asked Request, err error) {
	if err = json.Unmarshal(line, &asked); err != nil {
		err = fmt.Errorf("a request that cannot be read: %w", err)
	}
	return asked, err
}
