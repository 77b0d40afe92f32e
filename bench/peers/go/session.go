package main

// work flows on while samples of it are taken.
type work interface {
	// concurrency is how many jobs are in flight at the same time.
	concurrency() int
	// done is the number of jobs done so far, without verified ones.
	done() int64
	// batch waits until jobs more are done; others go on meanwhile, and after it.
	batch(jobs int64) error
	// rest starts no more jobs and waits for those under way.
	rest() error
}

// session is a workload that was started.
type session interface {
	work
	// cycle is the number of jobs after which the same inputs come again.
	cycle() int
	// verify does a fixed sample and returns its digest. It calls jobDone after each job that it sees.
	verify(jobDone func()) (string, error)
	// timesJobs reports whether jobs are timed in this process.
	timesJobs() bool
	// takeLatency returns the latencies since its last call. Called at rest.
	takeLatency() *histogram
	// close ends the work and returns what was left pending or had failed.
	close() (left []string, err error)
}
