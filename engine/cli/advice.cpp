// See advice.hpp.
#include "engine/cli/advice.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"

namespace fairway::cli {
namespace {

constexpr std::string_view program = "fairway ";

// The command whose name the text begins with; null: none.
const CommandRow* command_at(std::string_view text) {
    const auto end = std::find_if_not(text.begin(), text.end(), [](char c) { return text::is_letter(c) || c == '-'; });
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const auto it = std::find_if(command_table().begin(), command_table().end(),
                                 [&](const CommandRow& row) { return row.name == word; });
    return it == command_table().end() ? nullptr : &*it;
}

// " -p policy.yaml -s journal.db", as far as the command takes them and the rest of its line does not name them
// already.
std::string places_of(const CommandRow& command, std::string_view line, const Request& request) {
    const auto takes = [&](std::string_view option) {
        return std::find(command.options.begin(), command.options.end(), option) != command.options.end();
    };
    std::string out;
    if (!takes("policy") && !takes("inventory") && !takes("store")) return out;
    for (const OptionRow& row : option_table()) {
        const auto it = request.places.find(row.name);
        const bool named = line.find(fmt::format(" --{} ", row.name)) != std::string_view::npos;
        if (it == request.places.end() || named || (!row.everywhere && !takes(row.name))) continue;
        const std::string option = row.letter ? fmt::format("-{}", row.letter) : fmt::format("--{}", row.name);
        out += fmt::format(" {} {}", option, argument_word(it->second));
    }
    return out;
}

// In octal, as printf of every POSIX shell takes it.
std::string by_printf(std::string_view value) {
    std::string out = "\"$(printf '";
    for (const char c : value)
        out += text::is_alnum(c) ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    return out + "')\"";
}

}  // namespace

std::string completed(std::string_view text, const Request& request) {
    if (request.places.empty()) return std::string(text);
    std::string out;
    while (true) {
        const auto at = text.find(program);
        if (at == std::string_view::npos) return out + std::string(text);
        const bool inside = at > 0 && (text::is_alnum(text[at - 1]) || text[at - 1] == '/' || text[at - 1] == '-');
        out += text.substr(0, at + program.size());
        text.remove_prefix(at + program.size());
        const bool usage = out.find("usage: ", out.rfind('\n') + 1) != std::string::npos;
        const CommandRow* command = inside || usage ? nullptr : command_at(text);
        if (!command) continue;
        out += fmt::format("{}{}", command->name, places_of(*command, text.substr(0, text.find('\n')), request));
        text.remove_prefix(command->name.size());
    }
}

std::string argument_word(std::string_view value) {
    const std::string name = value.starts_with('-') ? fmt::format("./{}", value) : std::string(value);
    const bool ascii =
        std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return text::printable(name) != name || (screen::is_ascii() && !ascii) ? by_printf(name) : text::shell_word(name);
}

}  // namespace fairway::cli
