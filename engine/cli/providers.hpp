// The providers, one row for each kind of object and way to reach it. A new transport is a folder in providers/ and a
// row here.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/recording.hpp"
#include "engine/cli/connect.hpp"
#include "engine/model/event.hpp"
#include "engine/watch/ways.hpp"

namespace fairway::cli {

// What a provider opens. Its handles share connections and sign-ons; nothing is connected before it is used.
class Provider {
public:
    virtual ~Provider() = default;
    virtual Result<std::unique_ptr<Reader>> reader(const Recall& recall) const = 0;
    virtual Result<std::unique_ptr<Writer>> writer() const = 0;
    // Null: nobody says in advance whether the caller may write.
    virtual Result<std::unique_ptr<RightsReader>> rights() const { return nullptr; }
    // Of hosts.
    virtual Result<std::unique_ptr<Mover>> mover() const { return lacks("moves"); }
    virtual Result<Probe> probe(const Host&) const { return lacks("probe"); }
    virtual Result<std::unique_ptr<HostSights>> host_sights() const { return lacks("sights of hosts"); }
    virtual Result<std::unique_ptr<HostLogs>> host_logs() const { return lacks("logs of hosts"); }
    virtual Result<Probe> rehearse(const Host&) const { return lacks("rehearsal of a write"); }
    virtual Result<FirstContact> first_contact(const Host&) const { return lacks("assumptions that could be tried"); }
    // Of accounts.
    virtual Result<std::unique_ptr<Replicas>> replicas() const { return lacks("replicas"); }
    virtual Result<std::unique_ptr<NameReader>> names() const { return lacks("service principal names"); }
    virtual Result<std::unique_ptr<HostFinder>> finder() const { return lacks("searches"); }
    virtual Result<DirectoryContact> directory_contact(const Host&) const {
        return lacks("assumptions that could be tried");
    }
    virtual Result<std::unique_ptr<DirectorySights>> directory_sights() const { return lacks("sights of domains"); }

private:
    static tl::unexpected<Error> lacks(const char* what);
};

struct Approach {
    const Inventory& inventory;
    SharedRecording recording;
    std::vector<Replica> pinned;  // of the directory, that a run is bound to
};

struct ProviderRow {
    Kind kind;
    bool (*serves)(const Inventory& inventory);  // whether this is how the inventory says that they are reached
    std::shared_ptr<const Provider> (*reach)(const Approach& approach);
};

// The first row of the kind that serves the inventory.
const ProviderRow& provider_row(const Inventory& inventory, Kind kind);

// The events of a file, in whichever form they were exported. Code::bad_input: it holds none.
Result<EventFile> read_events(std::string_view bytes);

// Blocks as long as the server lets it.
Result<void> post_to_webhook(const watch::Url& url, std::vector<std::pair<std::string, std::string>> headers,
                             std::string_view body);

}  // namespace fairway::cli
