// See manual.hpp. Requests and fonts: man(7).
#include "engine/cli/manual.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"
#include "engine/cli/format.hpp"
#include "engine/cli/options.hpp"
#include "engine/policy/document_keys.hpp"
#include "engine/policy/inventory_shape.hpp"
#include "engine/policy/policy_shape.hpp"

namespace fairway::cli {

extern const char *const manual_of_program, *const manual_of_policies, *const manual_of_inventories;

namespace {

// A text as troff takes it: hyphens that are typed, and backslashes.
std::string troff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '-') out += "\\-";
        else if (c == '\\') out += "\\e";
        else out += c;
    }
    return out;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", troff(text)); }
std::string italic(std::string_view text) { return fmt::format("\\fI{}\\fR", troff(text)); }

// The paragraphs of fairway(1): what stands below `.TP` and a heading, by the command or the option of that heading;
// and whole sections.
struct ProgramPage {
    std::string title;  // .TH
    std::map<std::string, std::string, std::less<>> commands, options, sections;
};

// `.BI "check " FILE...` is about check, `.BR \-p ", " \-\-policy " \fIFILE"` about policy.
std::string subject_of(std::string_view heading) {
    const std::size_t dashes = heading.find("\\-\\-");
    std::string_view rest = dashes == std::string_view::npos
                                ? heading.substr(std::min(heading.find(' '), heading.size()))
                                : heading.substr(dashes + 4);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \""), rest.size()));
    std::string out;
    for (const char c : rest) {
        if (c == ' ' || c == '"') break;
        if (c != '\\') out += c;
    }
    return out;
}

ProgramPage read_program_page() {
    ProgramPage out;
    std::string section;
    std::string* paragraph = nullptr;
    bool heading = false;
    for (const std::string_view line : text::split(manual_of_program, '\n')) {
        if (line.starts_with(".TH ")) out.title = line;
        if (line.starts_with(".SH ")) section = line.substr(4);
        else if (!section.empty()) out.sections[section] += fmt::format("{}\n", line);
        if (heading)
            paragraph = section == "COMMANDS"  ? &out.commands[subject_of(line)]
                        : section == "OPTIONS" ? &out.options[subject_of(line)]
                                               : nullptr;
        else if (line.starts_with(".SH ") || line.starts_with(".SS ") || line == ".TP") paragraph = nullptr;
        else if (paragraph) *paragraph += fmt::format("{}\n", line);
        heading = line == ".TP";
    }
    return out;
}

const ProgramPage& program_page() {
    static const ProgramPage all = read_program_page();
    return all;
}

// `.TH FAIRWAY 1 "DAY" "fairway VERSION" "User Commands"` for another page.
std::string title_of(const CommandRow& command) {
    std::string name = fmt::format("FAIRWAY-{}", command.name);
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::string out = program_page().title;
    return out.replace(4, std::string_view("FAIRWAY").size(), name);
}

std::string sentence(std::string_view text) {
    std::string out(text);
    if (!out.empty()) out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
    return out + ".\n";
}

// What it takes: choices in bold, as they are typed, and a placeholder in italics.
std::string argument_words(std::string_view argument) {
    const bool choices = argument.find('|') != std::string_view::npos && argument.front() >= 'a';
    if (!choices) return italic(argument);
    std::string out;
    for (const std::string_view one : text::split(argument, '|')) out += (out.empty() ? "" : "|") + bold(one);
    return out;
}

std::string option_words(const CommandRow& command, const OptionRow& row) {
    std::string out = ".TP\n";
    if (row.letter) out += bold(fmt::format("-{}", row.letter)) + ", ";
    out += bold(fmt::format("--{}", row.name));
    if (row.name == "output") {
        std::string forms = forms_of(command);
        for (std::size_t at = 0; (at = forms.find(", ", at)) != std::string::npos;) forms.replace(at, 2, "|");
        out += " " + argument_words(forms);
    } else if (!row.argument.empty()) {
        out += " " + argument_words(row.argument);
    }
    const auto words = program_page().options.find(row.name);
    out += "\n" + (words == program_page().options.end() ? sentence(troff(row.doc)) : words->second);
    if (std::find(command.needs.begin(), command.needs.end(), row.name) != command.needs.end())
        out += "The command needs it.\n";
    if (row.configurable)
        out += fmt::format("Instead, {} in the environment or {} in a config file can say it.\n",
                           bold(variable(row.name)), bold(row.name));
    return out;
}

std::string command_page(const CommandRow& command) {
    std::string out = ".\\\" Printed by `fairway manual`.\n" + title_of(command) + "\n";
    out += fmt::format(".SH NAME\nfairway\\-{} \\- {}\n", troff(command.name), troff(command.summary));
    out += fmt::format(".SH SYNOPSIS\n{} {}", bold("fairway"), bold(command.name));
    if (!command.arguments.empty()) out += " " + argument_words(command.arguments);
    out += fmt::format(" [{}...]\n", italic("OPTION"));
    const auto words = program_page().commands.find(command.name);
    out += ".SH DESCRIPTION\n" +
           (words == program_page().commands.end() ? sentence(troff(command.summary)) : words->second) +
           ".SH OPTIONS\n";
    for (const OptionRow& row : option_table())
        if (taken_by(row, command)) out += option_words(command, row);
    out += ".SH EXIT STATUS\n" + program_page().sections.find("EXIT STATUS")->second;
    return out + ".SH SEE ALSO\n.BR fairway (1),\n.BR fairway\\-inventory (5),\n.BR fairway\\-policy (5)\n";
}

// What stands between ` in the tables' words is typed as it stands.
std::string with_fonts(std::string_view text) {
    std::string out;
    bool inside = false;
    for (const std::string_view part : text::split(text, '`')) {
        out += inside ? bold(part) : troff(part);
        inside = !inside;
    }
    return out;
}

std::string key_words(const DocumentKey& key) {
    std::string out = fmt::format(".TP\n{}\n", bold(key.path));
    std::string may = with_fonts(key.may);
    if (!may.empty()) may.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(may.front())));
    out += may.empty() ? "A value" : may;
    if (key.needed) out += "; needed";
    if (!key.unless.empty()) out += fmt::format(" unless {} is there", key.unless);
    if (!key.fallback.empty()) out += "; default " + bold(key.fallback);
    if (!key.as.empty()) out += fmt::format("; its keys are those of {}", bold(key.as));
    return out + "\n";
}

// The text about a document, and behind its keys a list of all, as its table has them.
std::string document_page(std::string_view words, const Shape& document) {
    std::string keys =
        ".SH ALL KEYS\nWhat stands here is printed from the table that checks the document.\n[] is each of a list.\n";
    for (const DocumentKey& key : document_keys(document)) keys += key_words(key);
    std::string out(words);
    return out.insert(out.find(".SH SEE ALSO"), keys);
}

}  // namespace

std::vector<ManualPage> manual_pages() {
    std::vector<ManualPage> out = {{"fairway", 1}, {"fairway-policy", 5}, {"fairway-inventory", 5}};
    for (const CommandRow& row : command_table()) out.push_back({fmt::format("fairway-{}", row.name), 1});
    return out;
}

std::optional<std::string> manual_page(std::string_view name) {
    if (name.empty() || name == "fairway") return manual_of_program;
    if (name.starts_with("fairway-")) name.remove_prefix(std::string_view("fairway-").size());
    if (name == "policy") return document_page(manual_of_policies, policy_shape());
    if (name == "inventory") return document_page(manual_of_inventories, inventory_shape());
    for (const CommandRow& row : command_table())
        if (row.name == name) return command_page(row);
    return std::nullopt;
}

}  // namespace fairway::cli
