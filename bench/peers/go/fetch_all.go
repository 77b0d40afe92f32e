package main

import (
	"crypto/sha1"
	"fmt"
	"io"
	"net/http"
	"sync"
)

type fetchInput struct {
	Origin string
	Items  []int
}

// Enough for nearly all requests of all jobs to be under way at once.
const connections = 256

func openFetchAll(asked *jobsRequest) (session, error) {
	client := &http.Client{Transport: &http.Transport{
		MaxConnsPerHost:     connections,
		MaxIdleConnsPerHost: connections,
		DisableCompression:  true,
	}}
	return openJobs(asked, func() jobFunc[fetchInput] {
		return func(input fetchInput) (string, error) { return fetchAllItems(client, input) }
	})
}

func fetchAllItems(client *http.Client, input fetchInput) (string, error) {
	bodies := make([][]byte, len(input.Items))
	errs := make([]error, len(input.Items))
	var fetches sync.WaitGroup
	fetches.Add(len(input.Items))
	for i, item := range input.Items {
		go func(i, item int) {
			defer fetches.Done()
			bodies[i], errs[i] = fetchBody(client, fmt.Sprintf("%s/item/%d", input.Origin, item))
		}(i, item)
	}
	fetches.Wait()
	hash := sha1.New()
	for i, body := range bodies {
		if errs[i] != nil {
			return "", errs[i]
		}
		hash.Write(body)
	}
	return fmt.Sprintf("%d answers, %x", len(bodies), hash.Sum(nil)), nil
}

func fetchBody(client *http.Client, url string) ([]byte, error) {
	response, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the site answered %s for %s", response.Status, url)
	}
	return io.ReadAll(response.Body)
}
