using System.Net;
using System.Net.Sockets;

namespace Ticketing.Common;

/// <summary>
/// The unit of limits per address: an IPv4 address, or the /64 network of an IPv6 address, because one household has
/// 2^64 of those. IPv4 written as IPv6 (::ffff:1.2.3.4) is IPv4.
/// </summary>
public readonly record struct AddressBlock
{
    const int NetworkBytes = 8;
    readonly string? text;

    AddressBlock(string text) => this.text = text;

    /// <summary>All callers of unknown address (null) share one block.</summary>
    public static AddressBlock Of(IPAddress? address)
    {
        if (address is null)
            return default;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return new(address.ToString());
        Span<byte> network = stackalloc byte[16];
        address.TryWriteBytes(network, out _);
        network[NetworkBytes..].Clear();
        return new($"{new IPAddress(network)}/64");
    }

    public override string ToString() => text ?? "unknown";
}
