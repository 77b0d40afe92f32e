package main

// work is what flows on while samples of it are taken.
type work interface {
	// concurrency is how many jobs are in flight at the same time.
	concurrency() int
	// done is how many jobs are done by now, verified ones not counted.
	done() int64
	// batch waits until so many more jobs are done; others go on meanwhile, and after it.
	batch(jobs int64) error
	// rest starts no more jobs and waits for those under way.
	rest() error
}

// session is a workload that was started.
type session interface {
	work
	// cycle is after how many jobs the same inputs come again.
	cycle() int
	// verify does a fixed sample and gives its digest. It calls jobDone after each job that it sees.
	verify(jobDone func()) (string, error)
	// timesJobs tells whether jobs are timed in this process.
	timesJobs() bool
	// takeLatency gives the latencies since it was called last. At rest.
	takeLatency() *histogram
	// close ends the work and tells what was left pending or had failed.
	close() (left []string, err error)
}
