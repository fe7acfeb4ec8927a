// The command that tries to reach hosts and says what it saw. It writes nothing on them.
#include <filesystem>
#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/report/probe.hpp"
#include "providers/wmi/probe.hpp"

namespace fairway::cli {
namespace {

// Keeps redacted exchanges as files; the first that cannot be written is remembered.
class Recorder {
public:
    Recorder(std::string folder, const Inventory& inventory) : folder_(std::move(folder)), redact_(inventory) {}

    wmi::Record of(const Host& host) {
        if (folder_.empty()) return {};
        return [this, host = text::fold(host.name)](const std::string& number, const std::string& request,
                                                    const std::string& reply) {
            keep(fmt::format("{}/{}-{}-request.xml", folder_, redact_(host), number), request);
            keep(fmt::format("{}/{}-{}-reply.xml", folder_, redact_(host), number), reply);
        };
    }
    const std::optional<Error>& trouble() const { return trouble_; }

private:
    void keep(const std::string& file, const std::string& text) {
        if (trouble_) return;
        auto made = make_folder_of(file);
        if (made) made = write_file_atomically(file, redact_(text));
        if (!made) trouble_ = made.error();
    }

    std::string folder_;
    wmi::Redaction redact_;
    std::optional<Error> trouble_;
};

}  // namespace

Answer probe(const Request& request, const Stage& stage) {
    const auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    if (!inventory->embedded.empty())
        return trouble(Exit::usage, "bad_input",
                       "an embedded estate has no hosts on the network: there is nothing to probe");
    std::vector<const Host*> hosts;
    for (const std::string& name : request.arguments) {
        const Host* host = inventory->find(name);
        if (!host) return trouble(Exit::usage, "not_found", fmt::format("{} has no host {}", inventory->file, name));
        hosts.push_back(host);
    }
    Recorder recorder(request.get("record"), *inventory);
    Answer out;
    out.json = {{"probes", Json::array()}};
    for (const Host* host : hosts) {
        const Probe seen = wmi::probe(*inventory, *host, recorder.of(*host));
        stage.say(report::text(seen, stage.style));
        out.json["probes"].push_back(report::json(seen));
        if (const ProbeStep* bad = seen.first_bad(); bad && out.exit == Exit::fine) out.exit = exit_for(bad->code);
    }
    if (recorder.trouble()) return trouble(*recorder.trouble());
    if (request.has("record"))
        stage.say(
            fmt::format("Recorded in {}: names, addresses and identifiers were replaced; read it before you give "
                        "it away.\n",
                        request.get("record")));
    return out;
}

}  // namespace fairway::cli
