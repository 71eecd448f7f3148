using k8s;
using k8s.Models;

namespace Ticketing.Run.Tests;

/// <summary>The manifests below k8s/, read with the Kubernetes client's models: a mistyped field is an error.</summary>
static class Manifests
{
    static readonly Dictionary<string, Type> Custom = new()
    {
        ["dapr.io/v1alpha1/Configuration"] = typeof(DaprConfiguration),
        ["dapr.io/v1alpha1/Component"] = typeof(object),
        ["dapr.io/v1alpha1/Resiliency"] = typeof(object),
        ["kustomize.config.k8s.io/v1beta1/Kustomization"] = typeof(object),
    };

    public static IReadOnlyList<object> Load(string folder) =>
        [.. Directory.GetFiles(Repository.At(folder), "*.yaml").Order().SelectMany(Read)];

    public static IReadOnlyList<object> Read(string path) =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(path), Custom, strict: true);
}

/// <summary>The part of Dapr's Configuration resource that this repository uses.</summary>
sealed class DaprConfiguration
{
    public required string ApiVersion { get; set; }
    public required string Kind { get; set; }
    public required V1ObjectMeta Metadata { get; set; }
    public required ConfigurationSpec Spec { get; set; }

    public sealed class ConfigurationSpec
    {
        public required SecretsSpec Secrets { get; set; }
        public required AccessControlSpec AccessControl { get; set; }
        public required ApiSpec Api { get; set; }
        public required TracingSpec Tracing { get; set; }
    }

    public sealed class SecretsSpec
    {
        public List<Scope> Scopes { get; set; } = [];
    }

    public sealed class Scope
    {
        public string StoreName { get; set; } = "";
        public string DefaultAccess { get; set; } = "";
        public List<string> AllowedSecrets { get; set; } = [];
    }

    public sealed class AccessControlSpec
    {
        public string DefaultAction { get; set; } = "";
        public string TrustDomain { get; set; } = "";
        public List<Caller> Policies { get; set; } = [];
    }

    public sealed class Caller
    {
        public string AppId { get; set; } = "";
        public string DefaultAction { get; set; } = "";
        public string TrustDomain { get; set; } = "";
        public string Namespace { get; set; } = "";
        public List<Operation> Operations { get; set; } = [];
    }

    public sealed class Operation
    {
        public string Name { get; set; } = "";
        public List<string> HttpVerb { get; set; } = [];
        public string Action { get; set; } = "";
    }

    public sealed class ApiSpec
    {
        public List<Api> Denied { get; set; } = [];
    }

    public sealed class Api
    {
        public string Name { get; set; } = "";
        public string Version { get; set; } = "";
        public string Protocol { get; set; } = "";
    }

    public sealed class TracingSpec
    {
        public string SamplingRate { get; set; } = "";
    }
}
