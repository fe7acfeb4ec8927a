// What an installed program comes with: `manual`, `completion` and `version`. They read nothing.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/build.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/completion.hpp"
#include "engine/cli/manual.hpp"

namespace fairway::cli {

namespace {

// All pages, for who installs them.
Answer write_pages(const std::string& folder) {
    for (const ManualPage& one : manual_pages())
        if (const auto written =
                write_file_atomically(fmt::format("{}/{}.{}", folder, one.name, one.section), *manual_page(one.name));
            !written)
            return trouble(written.error());
    return {.text = fmt::format("The pages are in {}.\n", text::printable(folder)), .trouble = {}};
}

}  // namespace

Answer manual(const Request& request, const Stage&) {
    if (request.has("out") && request.arguments.empty()) return write_pages(request.get("out"));
    if (request.has("out"))
        return trouble(Exit::usage, "bad_input", "--out writes all pages into a folder; name either it or a page");
    const std::string name = request.arguments.empty() ? std::string() : request.arguments.front();
    const auto page = manual_page(name);
    if (page) return {.text = *page, .trouble = {}, .exact = true};
    return trouble(Exit::usage, "bad_input",
                   fmt::format("there is no page `{}`; there is one for each command, for policy and for inventory",
                               text::printable(name)));
}

Answer completion(const Request& request, const Stage&) {
    const std::string& name = request.arguments.front();
    for (const ShellRow& row : shell_table())
        if (row.name == name) return {.text = row.script(), .trouble = {}, .exact = true};
    return trouble(Exit::usage, "bad_input", "`fairway completion` knows bash, zsh, fish and powershell");
}

Answer version(const Request& request, const Stage& stage) {
    Answer out{.text = "fairway " FAIRWAY_VERSION "\n", .trouble = {}};
    if (!request.has("verbose")) return out;
    const Build how = build();
    const std::vector<std::string> loaded = loaded_files();
    out.text += stage.text([&] {
        std::string lines = fmt::format("build {}, compiler {}\n\nbuilt with\n", how.type, how.compiler);
        for (const BuiltWith& one : how.libraries) lines += fmt::format("  {:<16}{}\n", one.library, one.version);
        lines += "\nruns with\n";
        for (const std::string& one : loaded) lines += fmt::format("  {}\n", one);
        return lines;
    });
    out.json = stage.json([&] {
        Json libraries = Json::array();
        for (const BuiltWith& one : how.libraries)
            libraries.push_back({{"library", one.library}, {"version", one.version}});
        return Json{{"build",
                     {{"type", how.type},
                      {"compiler", how.compiler},
                      {"built_with", std::move(libraries)},
                      {"loaded", loaded}}}};
    });
    return out;
}

}  // namespace fairway::cli
