// See timer_units.hpp. What the lines mean: systemd.exec(5), systemd.service(5), systemd.timer(5). /tmp stays as it is,
// because ticket caches are there; /run and the homes can be written, because locks and the journal are there.
#include "engine/cli/timer_units.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway::cli {
namespace {

constexpr std::string_view confinement =
    "NoNewPrivileges=yes\n"
    "PrivateDevices=yes\n"
    "ProtectKernelTunables=yes\n"
    "ProtectKernelModules=yes\n"
    "ProtectControlGroups=yes\n"
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\n"
    "RestrictNamespaces=yes\n"
    "RestrictRealtime=yes\n"
    "RestrictSUIDSGID=yes\n"
    "LockPersonality=yes\n";

std::string doubled(std::string_view value, std::string_view those) {
    std::string out;
    for (const char c : value) {
        out += c;
        if (those.find(c) != std::string_view::npos) out += c;
    }
    return out;
}

// Between double quotes, with specifiers and variables left as they stand.
std::string quoted(std::string_view value, std::string_view specials) {
    std::string out;
    for (const char c : doubled(value, specials)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return fmt::format("\"{}\"", out);
}

std::string word(std::string_view value) { return quoted(value, "%$"); }

Result<void> can_stand_in_a_unit(const TimerPlace& place) {
    std::vector<std::string> all = {place.estate, place.program, place.inventory,
                                    place.store,  place.folder,  place.user};
    for (const auto& [name, value] : place.variables) all.push_back(value);
    for (const std::string& one : all)
        if (one.empty() || !text::is_clean_line(one))
            return fail(Code::bad_input, fmt::format("`{}` cannot stand in a systemd unit", text::printable(one)));
    return {};
}

std::string service_text(const TimerPlace& place) {
    std::string out = fmt::format(
        "# Written by Fairway (break-glass --install-timer).\n"
        "[Unit]\n"
        "Description=Fairway: roll back break-glass runs past their end ({})\n"
        "Documentation=man:fairway(1)\n"
        "Wants=network-online.target\n"
        "After=network-online.target\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n"
        "User={}\n"
        "WorkingDirectory={}\n"
        "ExecStart={} expire --inventory {} --store {}\n",
        place.estate, place.user, doubled(place.folder, "%"), word(place.program), word(place.inventory),
        word(place.store));
    for (const auto& [name, value] : place.variables)
        out += fmt::format("Environment={}\n", quoted(fmt::format("{}={}", name, value), "%"));
    out += "UMask=0077\nProtectSystem=full\n";
    return place.confined ? out + std::string(confinement) : out;
}

std::string timer_text(const TimerPlace& place) {
    return fmt::format(
        "# Written by Fairway (break-glass --install-timer).\n"
        "[Unit]\n"
        "Description=Fairway: look every minute for break-glass runs past their end ({})\n"
        "Documentation=man:fairway(1)\n"
        "\n"
        "[Timer]\n"
        "OnCalendar=minutely\n"
        "AccuracySec=1s\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n",
        place.estate);
}

}  // namespace

Result<std::vector<Unit>> timer_units(const TimerPlace& place) {
    if (auto can = can_stand_in_a_unit(place); !can) return tl::unexpected(can.error());
    const std::string name = "fairway-expire-" + place.estate;
    return std::vector<Unit>{{name + ".service", service_text(place)}, {name + ".timer", timer_text(place)}};
}

}  // namespace fairway::cli
