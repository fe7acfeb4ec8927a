// See options.hpp.
#include "engine/cli/options.hpp"

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/text.hpp"
#include "engine/cli/config.hpp"
#include "engine/cli/exit_code.hpp"
#include "engine/cli/format.hpp"

namespace fairway::cli {
namespace {

namespace po = boost::program_options;
using Values = std::vector<std::string>;

po::options_description described() {
    po::options_description out;
    for (const OptionRow& row : option_table()) {
        const std::string name = row.letter ? fmt::format("{},{}", row.name, row.letter) : std::string(row.name);
        if (row.argument.empty()) out.add_options()(name.c_str(), po::bool_switch(), "");
        else out.add_options()(name.c_str(), po::value<Values>(), "");
    }
    out.add_options()("argument", po::value<Values>(), "");
    return out;
}

const CommandRow* find_command(std::string_view name) {
    const auto it = std::find_if(command_table().begin(), command_table().end(),
                                 [&](const CommandRow& row) { return row.name == name; });
    return it == command_table().end() ? nullptr : &*it;
}

auto unknown_command(const std::string& word) {
    std::vector<std::string_view> known;
    for (const CommandRow& row : command_table()) known.push_back(row.name);
    const std::string_view near = text::did_you_mean(word, known);
    return fail(Code::bad_input, fmt::format("there is no command `{}`{}; `fairway --help` lists them", word,
                                             near.empty() ? "" : fmt::format(" (did you mean `{}`?)", near)));
}

auto unknown_option(const std::string& word) {
    std::vector<std::string_view> known;
    for (const OptionRow& row : option_table()) known.push_back(row.name);
    const std::string_view near = text::did_you_mean(word.substr(word.find_first_not_of('-')), known);
    return fail(Code::bad_input, fmt::format("there is no option {}{}; `fairway help COMMAND` lists them", word,
                                             near.empty() ? "" : fmt::format(" (did you mean `--{}`?)", near)));
}

// Beside those of configurable options.
constexpr const char* config_variable = "FAIRWAY_CONFIG";
constexpr std::array<std::string_view, 2> other_variables = {config_variable, lock_variable};

// A slip of the pen must not switch off what somebody set for good.
Result<void> check_variables() {
    std::vector<std::string> names(other_variables.begin(), other_variables.end());
    for (const OptionRow& row : option_table())
        if (row.configurable) names.push_back(variable(row.name));
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (char** one = environ; one && *one; ++one) {
        const std::string_view name = std::string_view(*one).substr(0, std::string_view(*one).find('='));
        if (!name.starts_with("FAIRWAY_") || std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string_view near = text::did_you_mean(name, known);
        return fail(Code::bad_input,
                    fmt::format("unknown variable {} in the environment{}; it would have no effect, so unset it", name,
                                near.empty() ? "" : fmt::format(" (did you mean {}?)", near)));
    }
    return {};
}

Result<void> add_defaults(Request& request) {
    if (auto known = check_variables(); !known) return known;
    const auto config = read_config(named_config(request));
    if (!config) return tl::unexpected(config.error());
    for (const OptionRow& row : option_table()) {
        if (!row.configurable || request.has(row.name)) continue;
        const std::string set = environment(variable(row.name).c_str());
        const auto it = config->find(row.name);
        const auto take = [&](const std::string& value, const std::string& where) {
            request.options[std::string(row.name)] = {value};
            request.sources[std::string(row.name)] = where;
        };
        if (!set.empty()) take(set, variable(row.name));
        else if (it != config->end()) take(it->second.value, it->second.where);
    }
    return {};
}

Result<void> take(Request& request, const po::variables_map& given) {
    for (const OptionRow& row : option_table()) {
        const auto it = given.find(std::string(row.name));
        if (it == given.end() || it->second.defaulted()) continue;
        if (request.command && !taken_by(row, *request.command))
            return fail(Code::bad_input, fmt::format("`fairway {}` takes no --{}", request.command->name, row.name));
        if (row.argument.empty()) {
            request.options[std::string(row.name)] = {};
            continue;
        }
        const Values values = it->second.as<Values>();
        if (std::find(values.begin(), values.end(), "") != values.end())
            return fail(Code::bad_input, fmt::format("--{} is empty; it takes {}", row.name, row.argument));
        if (values.size() > 1 && !row.repeated)
            return fail(Code::bad_input,
                        fmt::format("--{} is given {} times; once is enough", row.name, values.size()));
        request.options[std::string(row.name)] = values;
    }
    return {};
}

Result<void> check_words(const Request& request) {
    for (const OptionRow& row : option_table()) {
        if (row.argument.find('|') == std::string_view::npos || !request.has(row.name)) continue;
        const auto words = text::split(row.argument, '|');
        if (std::find(words.begin(), words.end(), request.get(row.name)) == words.end())
            return fail(Code::bad_input,
                        fmt::format("--{} takes one of {}, not `{}`", row.name, row.argument, request.get(row.name)));
    }
    return {};
}

// The documents without which the command cannot begin, and a form that its result has.
Result<void> check_needs(const Request& request) {
    const CommandRow& command = *request.command;
    for (const std::string_view need : command.needs)
        if (auto has = has_document(request, need); !has) return has;
    if (const FormatRow& format = find_format(request.get("output")); !has_form(command, format))
        return fail(Code::bad_input, fmt::format("`{}` has no result as {}; --output takes {} with it", command.name,
                                                 format.name, forms_of(command)));
    return {};
}

// `--version`, `-V`, `help`, `help COMMAND` and `--what-if`, which people type out of habit, as commands and options of
// ours.
std::vector<std::string> without_habits(std::vector<std::string> arguments) {
    if (arguments.empty()) return arguments;
    if (arguments.size() == 1 && (arguments[0] == "--version" || arguments[0] == "-V")) return {"version"};
    if (arguments[0] == "help") {
        arguments.erase(arguments.begin());
        arguments.push_back("--help");
    }
    std::replace(arguments.begin(), arguments.end(), std::string("--what-if"), std::string("--dry-run"));
    return arguments;
}

}  // namespace

std::string Request::get(std::string_view option) const {
    if (const auto it = options.find(option); it != options.end())
        return it->second.empty() ? std::string() : it->second.front();
    const auto row = std::find_if(option_table().begin(), option_table().end(),
                                  [&](const OptionRow& one) { return one.name == option; });
    return row != option_table().end() && row->otherwise ? row->otherwise() : std::string();
}

std::vector<std::string> Request::all(std::string_view option) const {
    const auto it = options.find(option);
    return it == options.end() ? std::vector<std::string>() : it->second;
}

namespace {

// The first word that is one, of a line that cannot be taken apart.
const CommandRow* command_among(const std::vector<std::string>& arguments) {
    for (const std::string& word : arguments)
        if (const CommandRow* command = find_command(word)) return command;
    return nullptr;
}

// "usage: fairway apply PLAN, or fairway apply --resume RUN".
std::string either(const CommandRow& command) {
    const auto row = std::find_if(option_table().begin(), option_table().end(),
                                  [&](const OptionRow& one) { return one.name == command.instead; });
    const std::string_view argument =
        command.arguments.substr(1, command.arguments.size() - 2);  // without its brackets
    return fmt::format("usage: fairway {0} {1}, or fairway {0} --{2} {3}", command.name, argument, row->name,
                       row->argument);
}

Result<void> parse_into(Request& request, const std::vector<std::string>& arguments) {
    po::variables_map given;
    try {
        const po::options_description known = described();
        po::positional_options_description positional;
        positional.add("argument", -1);
        const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
        po::command_line_parser parser(without_habits(arguments));
        po::store(parser.options(known).positional(positional).style(style).run(), given);
    } catch (const po::unknown_option& e) {
        request.command = command_among(arguments);
        return unknown_option(e.get_option_name());
    } catch (const po::error& e) {
        request.command = command_among(arguments);
        return fail(Code::bad_input, fmt::format("{}; `fairway --help` shows how it is used", e.what()));
    }
    if (const auto it = given.find("argument"); it != given.end()) request.arguments = it->second.as<Values>();
    if (!request.arguments.empty()) {
        request.command = find_command(request.arguments.front());
        if (!request.command) return unknown_command(request.arguments.front());
        request.arguments.erase(request.arguments.begin());
    }
    if (auto taken = take(request, given); !taken) return taken;
    for (const char* place : {"policy", "inventory", "store", "config"})
        if (request.has(place)) request.places.emplace(place, request.get(place));
    request.help = request.has("help");
    if (request.help) return {};
    if (request.has("explain")) {  // of whatever command: it is asked what its findings mean
        request.command = find_command("explain");
        request.arguments = {request.get("explain")};
    }
    if (!request.command) return fail(Code::bad_input, "no command was given; `fairway --help` lists them");
    const CommandRow& command = *request.command;
    if (request.arguments.size() < command.least || request.arguments.size() > command.most)
        return fail(Code::bad_input, fmt::format("usage: fairway {} {}", command.name, command.arguments));
    if (!command.instead.empty() && request.has(command.instead) == !request.arguments.empty())
        return fail(Code::bad_input, either(command));
    if (auto added = add_defaults(request); !added) return added;
    if (auto words = check_words(request); !words) return words;
    return check_needs(request);
}

// The last value of an option that is typed as --NAME VALUE or --NAME=VALUE; nothing is known of the rest.
std::string typed(const std::vector<std::string>& arguments, std::string_view option) {
    const std::string name = fmt::format("--{}", option);
    std::string out;
    for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
        if (arguments[i].starts_with(name + "=")) out = arguments[i].substr(name.size() + 1);
        else if (arguments[i] == name && i + 1 < arguments.size()) out = arguments[i + 1];
    }
    return out;
}

}  // namespace

std::string named_config(const Request& request) {
    return request.has("config") ? request.get("config") : environment(config_variable);
}

bool taken_by(const OptionRow& row, const CommandRow& command) {
    return row.everywhere ||
           std::find(command.options.begin(), command.options.end(), row.name) != command.options.end();
}

Result<void> has_document(const Request& request, std::string_view option) {
    if (request.has(option)) return {};
    return fail(Code::bad_input, fmt::format("`{}` needs --{} FILE (or {}, or `{}:` in fairway.yaml)",
                                             request.command->name, option, variable(option), option));
}

std::string variable(std::string_view option) {
    std::string out = "FAIRWAY_";
    for (char c : option) out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

Parsed parse(const std::vector<std::string>& arguments) {
    Parsed out;
    out.right = parse_into(out.request, arguments);
    return out;
}

std::string format_asked(const std::vector<std::string>& arguments) {
    std::string word = typed(arguments, "output");
    if (word.empty()) word = environment("FAIRWAY_OUTPUT");
    if (!word.empty()) return word;
    const std::string only = typed(arguments, "config");
    const auto config = read_config(only.empty() ? environment(config_variable) : only);
    if (!config) return {};
    const auto it = config->find("output");
    return it == config->end() ? std::string() : it->second.value;
}

Result<std::size_t> count_given(const Request& request, std::string_view option, std::string_view of,
                                std::size_t most) {
    const std::string given = request.get(option);
    const auto number = text::number<std::size_t>(given);
    if (number && *number >= 1 && *number <= most) return *number;
    return fail(Code::bad_input, fmt::format("--{} takes a number of {} from 1 to {}, not `{}`", option, of, most,
                                             text::printable(given)));
}

std::string help() {
    std::string out =
        "Fairway brings Hyper-V hosts to one declared live-migration standard, proves that VMs can move,\n"
        "and puts everything back if they cannot.\n\nusage: fairway COMMAND [ARGUMENT...] [OPTION...]\n\n";
    for (const CommandRow& row : command_table())
        out += fmt::format("  {:<12}{:<26}{}\n", row.name, row.arguments, row.summary);
    out += "\n`fairway help COMMAND` shows a command's options. Exit status:\n";
    for (const ExitRow& row : exit_table())
        out += fmt::format("  {:>2}  {:<21}{}\n", static_cast<int>(row.code), row.name, row.meaning);
    return out;
}

std::string help(const CommandRow& command) {
    std::string out =
        fmt::format("usage: fairway {} {} [OPTION...]\n\n  {}\n\n", command.name, command.arguments, command.summary);
    for (const OptionRow& row : option_table()) {
        if (!taken_by(row, command)) continue;
        const std::string letter = row.letter ? fmt::format("-{}, ", row.letter) : "    ";
        const bool needed = std::find(command.needs.begin(), command.needs.end(), row.name) != command.needs.end();
        out += fmt::format("  {}--{:<29} {}{}{}\n", letter, fmt::format("{} {}", row.name, row.argument), row.doc,
                           needed ? " (needed)" : "", row.configurable ? fmt::format(" [{}]", variable(row.name)) : "");
    }
    return out;
}

}  // namespace fairway::cli
