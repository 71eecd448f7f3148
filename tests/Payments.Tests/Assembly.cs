using Xunit.Sdk;
using Xunit.v3;

// They wait for Stripe more than they work.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 8)]
