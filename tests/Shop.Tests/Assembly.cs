using Xunit.Sdk;
using Xunit.v3;

// A whole shop is eight processes and more: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
