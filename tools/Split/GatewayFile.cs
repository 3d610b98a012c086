namespace Gatehouse.Split;

/// <summary>The gateway's routes for this deployment.</summary>
internal static class GatewayFile
{
    public const string Name = "gateway.yaml";

    public static string Write(string data, Ports ports)
    {
        var path = Path.Combine(data, Name);
        File.WriteAllText(path, Text(ports));
        return path;
    }

    private static readonly string[] Modules = ["identity", "ticketing", "journal", "notifications"];

    // What every process has of its own is a module's below its name: /modules/ticketing/admin/jobs.
    private static string Operations(string module) =>
        $$"""
          operations-{{module}}:
            match: { path: "/modules/{{module}}/admin/{**rest}" }
            transform: { path: "/admin/{**rest}" }
            cluster: {{module}}
            deadline: 15s
          health-{{module}}:
            match: { path: "/modules/{{module}}/health/{**rest}" }
            transform: { path: "/health/{**rest}" }
            cluster: {{module}}
            deadline: 15s

        """;

    private static string Text(Ports ports) =>
        $$"""
        routes:
        {{string.Concat(Modules.Select(Operations))}}
          auth: { match: { path: "/auth/{**rest}" }, cluster: identity, deadline: 15s, retry: { attempts: 2 } }
          users: { match: { path: "/users/{**rest}" }, cluster: identity, deadline: 15s, retry: { attempts: 2 } }
          well-known: { match: { path: "/.well-known/{**rest}" }, cluster: identity, deadline: 15s, retry: { attempts: 2 } }
          events: { match: { path: "/events/{**rest}" }, cluster: ticketing, deadline: 15s, retry: { attempts: 2 } }
          bookings: { match: { path: "/bookings/{**rest}" }, cluster: ticketing, deadline: 15s, retry: { attempts: 2 } }
          payments: { match: { path: "/payments/{**rest}" }, cluster: ticketing, deadline: 15s, retry: { attempts: 2 } }
          tickets: { match: { path: "/tickets/{**rest}" }, cluster: ticketing, deadline: 15s, retry: { attempts: 2 } }
          reconciliation: { match: { path: /admin/reconciliation }, cluster: ticketing, deadline: 15s, retry: { attempts: 2 } }
          entries: { match: { path: "/entries/{**rest}" }, cluster: journal, deadline: 15s, retry: { attempts: 2 } }
          webhooks: { match: { path: "/webhooks/{**rest}" }, cluster: notifications, deadline: 15s, retry: { attempts: 2 } }
          mail: { match: { path: "/admin/mail/{**rest}" }, cluster: notifications, deadline: 15s, retry: { attempts: 2 } }
        clusters:
          identity: { destinations: { one: { address: "http://127.0.0.1:{{ports.Identity}}" } } }
          ticketing:
            destinations:
              one: { address: "http://127.0.0.1:{{ports.TicketingOne}}" }
              two: { address: "http://127.0.0.1:{{ports.TicketingTwo}}" }
          journal: { destinations: { one: { address: "http://127.0.0.1:{{ports.Journal}}" } } }
          notifications: { destinations: { one: { address: "http://127.0.0.1:{{ports.Notifications}}" } } }

        """;
}
