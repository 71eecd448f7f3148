using Xunit.Sdk;
using Xunit.v3;

// No tests in parallel: each shop is at least eight processes.
[assembly: Parallelization(Mode = ParallelMode.None)]
