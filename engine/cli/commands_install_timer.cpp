// `break-glass --install-timer`: writes the systemd units that run `fairway expire` every minute, after they were shown
// and confirmed. It starts nothing: how to do that, it says.
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/caller.hpp"
#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/confirm.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/timer_units.hpp"
#include "engine/report/term.hpp"
#include "engine/run/term.hpp"

namespace fairway::cli {
namespace {

constexpr std::string_view usual_folder = "/etc/systemd/system";

std::string absolute(const std::string& path) {
    std::error_code wrong;
    const auto out = std::filesystem::absolute(path, wrong);
    return wrong ? path : out.lexically_normal().string();
}

// Where the caller's tickets and realms are; they hold paths.
std::vector<std::pair<std::string, std::string>> variables(const Inventory& inventory) {
    std::vector<std::pair<std::string, std::string>> out;
    if (inventory.embedded.empty())
        out.emplace_back("FAIRWAY_LOCK_DIR", std::filesystem::path(absolute(estate_lock(inventory))).parent_path());
    for (const char* name : {"KRB5_CONFIG", "KRB5_CLIENT_KTNAME", "KRB5CCNAME"})
        if (const char* value = std::getenv(name); value && *value) out.emplace_back(name, value);
    return out;
}

Result<TimerPlace> place_for(const Request& request, const Inventory& inventory) {
    std::error_code wrong;
    const std::string self = std::filesystem::read_symlink("/proc/self/exe", wrong);
    if (wrong || !std::filesystem::exists(self, wrong))
        return fail(Code::not_found, "it is not known where this program lies, so no unit can name it");
    return TimerPlace{.estate = inventory.estate,
                      .program = self,
                      .inventory = absolute(request.get("inventory")),
                      .store = absolute(store_path(request)),
                      .folder = std::filesystem::current_path(wrong).string(),
                      .user = account_of(::geteuid()),
                      .variables = variables(inventory),
                      .confined = inventory.password_program().empty()};
}

Json json_of(const std::vector<Unit>& units, const std::string& folder, const Request& request) {
    Json out = {{"units", Json::array()}, {"break_glass", Json()}};
    for (const Unit& unit : units)
        out["units"].push_back({{"file", fmt::format("{}/{}", folder, unit.name)}, {"text", unit.text}});
    if (const auto journal = Journal::open_to_read(store_path(request)))
        if (const auto runs = termed_runs(*journal, system_now())) out["break_glass"] = report::json(*runs);
    return out;
}

}  // namespace

Answer install_timer(const Request& request, const Stage& stage) {
    for (const std::string_view option : {"hosts", "for", "ticket", "reason", "extend", "emergency", "allow"})
        if (request.has(option))
            return trouble(Exit::usage, "bad_input", fmt::format("--install-timer takes no --{}", option));
    const auto inventory = stated_inventory(request);
    if (!inventory) return inventory.error();
    const auto place = place_for(request, *inventory);
    if (!place) return trouble(place.error());
    const auto units = timer_units(*place);
    if (!units) return trouble(units.error());
    const std::string folder = absolute(request.has("out") ? request.get("out") : std::string(usual_folder));
    for (const Unit& unit : *units)
        stage.say(fmt::format("{}/{}\n\n{}\n", text::printable(folder), unit.name, text::printable_lines(unit.text)));
    Answer out{.exit = Exit::fine,
               .text = "Nothing was written.\n",
               .json = stage.json([&] { return json_of(*units, folder, request); }),
               .trouble = {}};
    if (request.has("dry-run")) return out;
    if (!confirmed(request, stage, fmt::format("Write these two files to {}?", text::printable(folder))))
        return trouble(Exit::refused, "refused", "not confirmed; nothing was written");
    for (const Unit& unit : *units)
        if (auto written = write_file_atomically(fmt::format("{}/{}", folder, unit.name), unit.text); !written)
            return trouble(written.error());
    out.text = fmt::format(
        "Written. The service runs as {}, who must be able to sign on without being asked (a keytab or a file).\n"
        "To start it: systemctl daemon-reload && systemctl enable --now {}\n",
        text::printable(place->user), units->back().name);
    return out;
}

}  // namespace fairway::cli
