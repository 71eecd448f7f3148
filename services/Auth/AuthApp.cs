using Ticketing.Common;

namespace Ticketing.Auth;

public static class AuthApp
{
    public const string AppId = "auth";

    /// <param name="configure">Called last before the build; tests replace services here.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing(AppId);
        builder.Services.AddHttpJson(AuthJson.Default);
        builder.Services.AddAggregate(AuthJson.Default.DocumentAccount);
        builder.Services.AddAggregate(AuthJson.Default.DocumentRevocations);
        builder.Services.AddDeadLetters();
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddSingleton<SignInLimits>();
        builder.Services.AddSingleton<DeviceCookies>();
        builder.Services.AddSingleton(new Operators(builder.Configuration, builder.Environment));
        builder.Services.AddSingleton<SessionList>();
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddSingleton<PasswordCheck>();
        builder.Services.AddSingleton<SignOuts>();
        builder.Services.AddSingleton<AskForRevoked>(provider => provider.GetRequiredService<SignOuts>().All);
        builder.Services.AddSingleton<PersonalDataClient>().AddHttpJson(PersonalDataJson.Default);
        builder.Services.AddSingleton<SigningKey>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SigningKey>());
        builder.Services.AddHealthChecks().AddCheck<SigningKey.Check>("signing-key");
        configure?.Invoke(builder);

        var app = builder.Build();
        WeakSettings.Check(app);
        app.UseTicketing();
        app.MapUsers();
        app.MapPersonalData();
        app.MapSessionList();
        app.MapPassword();
        app.MapDeadLetters();
        return app;
    }
}
