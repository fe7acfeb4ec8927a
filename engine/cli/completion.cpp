// See completion.hpp. All scripts take the first word that is a command for the command, and offer what its row says.
#include "engine/cli/completion.hpp"

#include <array>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"
#include "engine/cli/format.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {
namespace {

using Words = std::vector<std::string_view>;

enum class Takes { nothing, words, files, folders, text };

// What stands for an argument, by how a usage line shows it: FILE..., stop|rollback|ask.
struct Argument {
    Takes takes = Takes::nothing;
    Words words = {};
};

Argument argument_of(std::string_view shown) {
    if (shown.empty()) return {};
    if (shown.find('|') != std::string_view::npos && shown.front() >= 'a' && shown.front() <= 'z')
        return {Takes::words, text::split(shown, '|')};
    for (const std::string_view file : {"FILE", "PLAN", "OLD"})
        if (shown.find(file) != std::string_view::npos) return {Takes::files, {}};
    return {shown == "DIR" ? Takes::folders : Takes::text, {}};
}

Words command_names() {
    Words out;
    for (const CommandRow& row : command_table()) out.push_back(row.name);
    return out;
}

Argument arguments_of(const CommandRow& command) {
    if (command.name != "manual") return argument_of(command.arguments);
    Words pages = command_names();
    pages.insert(pages.end(), {"policy", "inventory"});
    return {Takes::words, std::move(pages)};
}

std::string with_spaces(const Words& words) { return text::join(words, " "); }

// "text json": the forms of its result alone.
std::string form_words_of(const CommandRow& command) {
    Words out;
    for (const FormatRow& row : format_table())
        if (has_form(command, row)) out.push_back(row.name);
    return with_spaces(out);
}

// In single quotes, as bash, zsh and fish read them.
std::string single_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

// Its names as a shell's pattern: "*,--policy|*,-p".
std::string bash_pattern(const OptionRow& row) {
    return row.letter ? fmt::format("*,--{}|*,-{}", row.name, row.letter) : fmt::format("*,--{}", row.name);
}

std::string option_names(const CommandRow* command) {
    std::vector<std::string> out;
    for (const OptionRow& row : option_table())
        if (command ? taken_by(row, *command) : row.everywhere) out.push_back(fmt::format("--{}", row.name));
    return text::join(out, " ");
}

constexpr std::string_view bash_files = "_fairway_files -f", bash_folders = "_fairway_files -d";

std::string bash_offer(const Argument& argument) {
    switch (argument.takes) {
        case Takes::words: return fmt::format("words={}", single_quoted(with_spaces(argument.words)));
        case Takes::files: return std::string(bash_files);
        case Takes::folders: return std::string(bash_folders);
        case Takes::nothing:
        case Takes::text: break;
    }
    return ":";
}

std::string bash() {
    std::string out = fmt::format(
        "# bash completion of fairway; printed by `fairway completion bash`.\n"
        "_fairway_files() {{\n"
        "    compopt -o filenames 2>/dev/null\n"
        "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$word\")\n"
        "}}\n"
        "_fairway() {{\n"
        "    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= words= one\n"
        "    COMPREPLY=()\n"
        "    # --output=json is three words\n"
        "    if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD-2]}}; fi\n"
        "    for one in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
        "        case $one in {}|help) command=$one; break ;; esac\n"
        "    done\n"
        "    case $command,$before in\n",
        text::join(command_names(), "|"));
    for (const CommandRow& command : command_table())
        out += fmt::format("        {},--output) words={} ;;\n", command.name, single_quoted(form_words_of(command)));
    for (const OptionRow& row : option_table())
        if (!row.argument.empty())
            out += fmt::format("        {}) {} ;;\n", bash_pattern(row), bash_offer(argument_of(row.argument)));
    out += "        *) case $command,$word in\n";
    for (const CommandRow& command : command_table()) {
        out += fmt::format("            {},-*) words={} ;;\n", command.name, single_quoted(option_names(&command)));
        out += fmt::format("            {},*) {} ;;\n", command.name, bash_offer(arguments_of(command)));
    }
    out += fmt::format("            ,-*) words={} ;;\n", single_quoted(option_names(nullptr)));
    out += fmt::format("            *) words={} ;;\n", single_quoted(with_spaces(command_names()) + " help"));
    return out +
           "        esac ;;\n"
           "    esac\n"
           "    [[ -z $words ]] || mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
           "}\n"
           "complete -F _fairway fairway\n";
}

// Before and after a backslash, what has a meaning in a specification of zsh's _arguments.
std::string with_backslashes(std::string_view text, std::string_view those) {
    std::string out;
    for (const char c : text) {
        if (those.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_offer(std::string_view shown, const Argument& argument) {
    const std::string what = with_backslashes(shown, ":\\");
    switch (argument.takes) {
        case Takes::words: return fmt::format(":word:({})", with_spaces(argument.words));
        case Takes::files: return fmt::format(":{}:_files", what);
        case Takes::folders: return fmt::format(":{}:_files -/", what);
        case Takes::text: return fmt::format(":{}: ", what);
        case Takes::nothing: break;
    }
    return {};
}

std::string zsh_option(const OptionRow& row, const CommandRow* command) {
    Argument argument = argument_of(row.argument);
    const std::string said = row.name == "output" && command ? form_words_of(*command) : std::string();
    if (!said.empty()) argument.words = text::split(said, ' ');
    const std::string doc = fmt::format("[{}]", with_backslashes(row.doc, "[]\\"));
    const std::string offer = zsh_offer(row.argument, argument);
    const std::string_view joins = row.argument.empty() ? "" : "=", after = row.argument.empty() ? "" : "+";
    if (!row.letter)
        return single_quoted(fmt::format("{}--{}{}{}{}", row.repeated ? "*" : "", row.name, joins, doc, offer));
    return fmt::format("'(-{0} --{1})'{{-{0}{2},--{1}{3}}}{4}", row.letter, row.name, after, joins,
                       single_quoted(doc + offer));
}

std::string zsh_options(const CommandRow* command) {
    std::string out;
    for (const OptionRow& row : option_table())
        if (command ? taken_by(row, *command) : row.everywhere)
            out += fmt::format(" \\\n                {}", zsh_option(row, command));
    return out;
}

std::string zsh() {
    std::string out =
        "#compdef fairway\n"
        "# zsh completion of fairway; printed by `fairway completion zsh`.\n"
        "_fairway() {\n"
        "    local command one\n"
        "    local -a commands=(\n";
    for (const CommandRow& row : command_table())
        out += fmt::format("        {}\n",
                           single_quoted(fmt::format("{}:{}", row.name, with_backslashes(row.summary, ":\\"))));
    out +=
        "        'help:show how a command is used'\n"
        "    )\n"
        "    for one in ${words[2,CURRENT-1]}; do\n"
        "        if (( ${commands[(I)$one:*]} )); then command=$one; break; fi\n"
        "    done\n"
        "    case $command in\n";
    for (const CommandRow& row : command_table()) {
        const std::string offer = zsh_offer(row.arguments, arguments_of(row));
        out += fmt::format("        {})\n            _arguments ':command:({})'{}{} ;;\n", row.name, row.name,
                           offer.empty() ? "" : " " + single_quoted("*" + offer), zsh_options(&row));
    }
    out += "        help) _arguments ':command:(help)' ':command:{_describe command commands}' ;;\n";
    out += fmt::format("        *)\n            _arguments ':command:{{_describe command commands}}'{} ;;\n",
                       zsh_options(nullptr));
    return out +
           "    esac\n"
           "}\n"
           "if [[ $funcstack[1] == _fairway ]]; then _fairway \"$@\"; else compdef _fairway fairway; fi\n";
}

std::string fish_offer(const Argument& argument) {
    switch (argument.takes) {
        case Takes::words: return fmt::format(" -x -a {}", single_quoted(with_spaces(argument.words)));
        case Takes::files: return " -r -F";
        case Takes::folders: return " -x -a '(__fish_complete_directories)'";
        case Takes::text: return " -x";
        case Takes::nothing: break;
    }
    return {};
}

std::string fish_at(const Words& these) { return single_quoted(fmt::format("__fairway_at {}", with_spaces(these))); }

std::string fish_option(const OptionRow& row) {
    const std::string names = fmt::format("-l {}{}", row.name, row.letter ? fmt::format(" -s {}", row.letter) : "");
    // Commands by what the option takes with them.
    std::map<std::string, Words> by;
    for (const CommandRow& command : command_table()) {
        if (!taken_by(row, command)) continue;
        const std::string words = row.name == "output" ? fmt::format(" -x -a {}", single_quoted(form_words_of(command)))
                                                       : fish_offer(argument_of(row.argument));
        by[words].push_back(command.name);
    }
    if (row.everywhere) by[fish_offer(argument_of(row.argument))].push_back("none");
    std::string out;
    for (const auto& [offer, these] : by)
        out +=
            fmt::format("complete -c fairway -n {} {}{} -d {}\n", fish_at(these), names, offer, single_quoted(row.doc));
    return out;
}

std::string fish() {
    const std::string names = with_spaces(command_names());
    std::string out = fmt::format(
        "# fish completion of fairway; printed by `fairway completion fish`.\n"
        "function __fairway_at\n"
        "    for one in (commandline -opc)[2..-1]\n"
        "        if contains -- $one {} help\n"
        "            contains -- $one $argv\n"
        "            return\n"
        "        end\n"
        "    end\n"
        "    contains -- none $argv\n"
        "end\n"
        "complete -c fairway -f\n",
        names);
    for (const CommandRow& row : command_table())
        out += fmt::format("complete -c fairway -n '__fairway_at none help' -a {} -d {}\n", row.name,
                           single_quoted(row.summary));
    out += "complete -c fairway -n '__fairway_at none' -a help -d 'show how a command is used'\n";
    for (const CommandRow& row : command_table()) {
        const Argument argument = arguments_of(row);
        if (argument.takes == Takes::words)
            out += fmt::format("complete -c fairway -n {} -a {}\n", fish_at({row.name}),
                               single_quoted(with_spaces(argument.words)));
        if (argument.takes == Takes::files) out += fmt::format("complete -c fairway -n {} -F\n", fish_at({row.name}));
    }
    for (const OptionRow& row : option_table()) out += fish_option(row);
    return out;
}

std::string powershell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

std::string powershell_row(std::string_view key, std::string_view value) {
    return fmt::format("        {} = {}\n", powershell_quoted(key), powershell_quoted(value));
}

// Words that stand behind "COMMAND OPTION", " OPTION" or "COMMAND"; none: a text, for which there is nothing to offer.
std::string powershell_values() {
    std::string out;
    for (const CommandRow& command : command_table()) {
        out += powershell_row(fmt::format("{} --output", command.name), form_words_of(command));
        if (const Argument argument = arguments_of(command); argument.takes == Takes::words)
            out += powershell_row(command.name, with_spaces(argument.words));
    }
    out += powershell_row("help", with_spaces(command_names()));
    for (const OptionRow& row : option_table())
        if (const Argument argument = argument_of(row.argument); argument.takes == Takes::words)
            out += powershell_row(fmt::format(" --{}", row.name), with_spaces(argument.words));
    return out;
}

std::string powershell() {
    std::string summaries, docs, takes, with;
    for (const CommandRow& row : command_table()) {
        summaries += powershell_row(row.name, row.summary);
        takes += powershell_row(row.name, option_names(&row));
    }
    for (const OptionRow& row : option_table()) {
        docs += powershell_row(fmt::format("--{}", row.name), row.doc);
        if (row.argument.empty()) continue;
        with += fmt::format(" --{}", row.name);
        if (row.letter) with += fmt::format(" -{}", row.letter);
    }
    return fmt::format(
        "# PowerShell completion of fairway; printed by `fairway completion powershell`.\n"
        "Register-ArgumentCompleter -Native -CommandName fairway -ScriptBlock {{\n"
        "    param($wordToComplete, $commandAst, $cursorPosition)\n"
        "    $says = @{{\n{}        'help' = 'show how a command is used'\n{}    }}\n"
        "    $takes = @{{\n{}        '' = {}\n    }}\n"
        "    $values = @{{\n{}    }}\n"
        "    $withValue = {} -split ' '\n"
        "    $before = @($commandAst.CommandElements | Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }} |\n"
        "        ForEach-Object {{ $_.Extent.Text }})\n"
        "    $command = \"$($before | Select-Object -Skip 1 | Where-Object {{ $_ -notlike '-*' -and "
        "$says.ContainsKey($_) "
        "}} |\n        Select-Object -First 1)\"\n"
        "    $last = $before[-1]\n"
        "    # Where nothing is offered, PowerShell offers files.\n"
        "    $words = if ($values.ContainsKey(\"$command $last\")) {{ $values[\"$command $last\"] }}\n"
        "    elseif ($values.ContainsKey(\" $last\")) {{ $values[\" $last\"] }}\n"
        "    elseif ($withValue -ccontains $last) {{ '' }}\n"
        "    elseif ($wordToComplete -like '-*') {{ $takes[$command] }}\n"
        "    elseif ($command) {{ $values[$command] }}\n"
        "    else {{ ($says.Keys | Where-Object {{ $_ -notlike '-*' }} | Sort-Object) -join ' ' }}\n"
        "    \"$words\" -split ' ' | Where-Object {{ $_ -and $_ -like \"$wordToComplete*\" }} | ForEach-Object {{\n"
        "        $tip = if ($says.ContainsKey($_)) {{ $says[$_] }} else {{ $_ }}\n"
        "        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $tip)\n"
        "    }}\n"
        "}}\n",
        summaries, docs, takes, powershell_quoted(option_names(nullptr)), powershell_values(),
        powershell_quoted(std::string_view(with).substr(1)));
}

constexpr std::array shells = {
    ShellRow{"bash", bash},
    ShellRow{"zsh", zsh},
    ShellRow{"fish", fish},
    ShellRow{"powershell", powershell},
};

}  // namespace

std::span<const ShellRow> shell_table() { return shells; }

}  // namespace fairway::cli
