namespace Ticketing.Sidecar.State.Redis;

/// <summary>
/// The scripts of daprd's own store, character for character: Redis names a failing script by its hash, and the hash
/// is part of what a caller gets to read.
/// </summary>
static class RedisScripts
{
    /// <summary>Key; version expected (0: any); data; 0 for first-write.</summary>
    public const string Set =
        "\n\tlocal etag = redis.pcall(\"HGET\", KEYS[1], \"version\");" +
        "\n\tif type(etag) == \"table\" then" +
        "\n\t  redis.call(\"DEL\", KEYS[1]);" +
        "\n\tend;" +
        "\n\tlocal fwr = redis.pcall(\"HGET\", KEYS[1], \"first-write\");" +
        "\n\tif not etag or type(etag)==\"table\" or etag == \"\" or etag == ARGV[1] or (not fwr and ARGV[1] == \"0\") then" +
        "\n\t  redis.call(\"HSET\", KEYS[1], \"data\", ARGV[2]);" +
        "\n\t  if ARGV[3] == \"0\" then" +
        "\n\t    redis.call(\"HSET\", KEYS[1], \"first-write\", 0);" +
        "\n\t  end;" +
        "\n\t  return redis.call(\"HINCRBY\", KEYS[1], \"version\", 1)" +
        "\n\telse" +
        "\n\t  return error(\"failed to set key \" .. KEYS[1])" +
        "\n\tend";

    /// <summary>Key; version expected (0: any).</summary>
    public const string Delete =
        "\n\tlocal etag = redis.pcall(\"HGET\", KEYS[1], \"version\");" +
        "\n\tif not etag or type(etag)==\"table\" or etag == ARGV[1] or etag == \"\" or ARGV[1] == \"0\" then" +
        "\n\t  return redis.call(\"DEL\", KEYS[1])" +
        "\n\telse" +
        "\n\t  return error(\"failed to delete \" .. KEYS[1])" +
        "\n\tend";

    /// <summary>
    /// What a transaction with <c>contentType: application/json</c> comes to on a Redis without its JSON module,
    /// which is the only kind this sidecar knows.
    /// </summary>
    public const string JsonModuleMissing =
        "ERR Unknown Redis command called from script script: c5d8cabb8162d7f0980fe627a55d83f54c800e66, on @user_script:4.";
}
