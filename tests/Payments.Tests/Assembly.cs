using Xunit.Sdk;
using Xunit.v3;

// The tests mostly wait for the local Stripe.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 8)]
