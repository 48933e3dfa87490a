package api

import (
	"net/http"

	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// asyncDocument is the part of AsyncAPI 3 that describes our two ways out: the feed of the
// API, and the log itself by the protocol of EventStoreDB.
type asyncDocument struct {
	AsyncAPI           string                    `json:"asyncapi"`
	ID                 string                    `json:"id"`
	Info               info                      `json:"info"`
	DefaultContentType string                    `json:"defaultContentType"`
	Servers            map[string]asyncServer    `json:"servers"`
	Channels           map[string]asyncChannel   `json:"channels"`
	Operations         map[string]asyncOperation `json:"operations"`
	Components         asyncComponents           `json:"components"`
}

type reference struct {
	Ref string `json:"$ref"`
}

type asyncServer struct {
	Host        string      `json:"host"`
	Pathname    string      `json:"pathname,omitempty"`
	Protocol    string      `json:"protocol"`
	Description string      `json:"description"`
	Security    []reference `json:"security,omitempty"`
}

type asyncChannel struct {
	Address     string               `json:"address"`
	Description string               `json:"description"`
	Servers     []reference          `json:"servers"`
	Messages    map[string]reference `json:"messages"`
}

type asyncOperation struct {
	Action  string    `json:"action"` // as the program sees it: it sends
	Channel reference `json:"channel"`
	Summary string    `json:"summary"`
}

type asyncMessage struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	Payload *schema.Schema `json:"payload"`
}

type asyncComponents struct {
	Messages        map[string]asyncMessage   `json:"messages"`
	Schemas         map[string]*schema.Schema `json:"schemas"`
	SecuritySchemes map[string]security       `json:"securitySchemes"`
}

// storedPrefix tells an event as the log has it from the one that the feed sends.
const storedPrefix = "stored."

// asyncAPI makes the document from the catalog.
func (a documents) asyncAPI() asyncDocument {
	feed := asyncChannel{
		Address: "/events", Servers: []reference{{"#/servers/api"}}, Messages: map[string]reference{},
		Description: "Server-Sent Events: the data of each is a CloudEvent 1.0, its id the position. Last-Event-ID resumes behind a position.",
	}
	log := asyncChannel{
		Address: "$all", Servers: []reference{{"#/servers/log"}}, Messages: map[string]reference{},
		Description: "The log of every stream, for catch-up and persistent subscriptions. The name of a message is the event's type.",
	}
	d := asyncDocument{
		AsyncAPI: "3.0.0", ID: a.PublicURL.String(), DefaultContentType: "application/json",
		Info: info{Title: "Sleutelbos events", Version: a.Version, Description: "Everything that happened to accounts. Events are never changed; members may be added to them, so ignore those that you do not know."},
		Servers: map[string]asyncServer{
			"api": {
				Host: a.PublicURL.Host, Pathname: answers.Prefix, Protocol: a.PublicURL.Scheme, Description: "The feed of the API.",
				Security: []reference{{"#/components/securitySchemes/apiKey"}},
			},
			"log": {Host: a.PublicURL.Hostname() + ":2113", Protocol: "grpc", Description: "The protocol of EventStoreDB: the door of the embedded log (on this machine, unless it was opened further), or the cluster."},
		},
		Operations: map[string]asyncOperation{
			"followEvents": {Action: "send", Channel: reference{"#/channels/events"}, Summary: "Follow what you may see."},
			"followLog":    {Action: "send", Channel: reference{"#/channels/log"}, Summary: "Follow everything, with personal members sealed."},
		},
		Components: asyncComponents{
			Messages: map[string]asyncMessage{}, Schemas: map[string]*schema.Schema{"CloudEvent": cloudEventSchema()},
			SecuritySchemes: map[string]security{"apiKey": {Type: "http", Scheme: "bearer", Description: "The API key of a service account."}},
		},
	}
	registry := a.Journal.Registry
	for _, name := range registry.Names() {
		d.Components.Schemas[name] = publicSchema(registry, name)
		d.Components.Schemas[storedPrefix+name] = storedSchema(registry, name)
		d.Components.Messages[name] = asyncMessage{Name: name, Title: name, Payload: &schema.Schema{AllOf: []*schema.Schema{
			{Ref: "#/components/schemas/CloudEvent"},
			{Type: "object", Properties: map[string]*schema.Schema{"type": {Const: name}, "data": {Ref: "#/components/schemas/" + name}}},
		}}}
		d.Components.Messages[storedPrefix+name] = asyncMessage{
			Name: name, Title: name + " as stored", Payload: &schema.Schema{Ref: "#/components/schemas/" + storedPrefix + name},
		}
		feed.Messages[name] = reference{"#/components/messages/" + name}
		log.Messages[name] = reference{"#/components/messages/" + storedPrefix + name}
	}
	d.Channels = map[string]asyncChannel{"events": feed, "log": log}
	return d
}

func (a documents) serveAsyncAPI(w http.ResponseWriter, _ *http.Request) error {
	text, err := a.forEvents()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // the client may be gone; there is nobody to tell
	return nil
}

func (a documents) encodeAsyncAPI() ([]byte, error) {
	return json.Marshal(a.asyncAPI(), json.Deterministic(true), jsontext.WithIndent("  "))
}
