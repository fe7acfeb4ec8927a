// `config`: which value counts for each configurable option, and where does it come from?
#include <filesystem>
#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/config.hpp"

namespace fairway::cli {
namespace {

struct ConfigLine {
    std::string name, value;
    std::string from;   // in results: command_line, environment, file or default
    std::string where;  // --policy, FAIRWAY_POLICY or file:line; empty: nobody set it
};

ConfigLine line_of(const Request& request, const OptionRow& row) {
    ConfigLine out{std::string(row.name), request.get(row.name), "default", {}};
    if (!request.has(row.name)) return out;
    const auto source = request.sources.find(row.name);
    if (source == request.sources.end()) out.where = fmt::format("--{}", row.name);
    else out.where = source->second;
    out.from = source == request.sources.end()   ? "command_line"
               : out.where == variable(row.name) ? "environment"
                                                 : "file";
    return out;
}

std::vector<ConfigLine> lines_of(const Request& request) {
    std::vector<ConfigLine> out;
    for (const OptionRow& row : option_table())
        if (row.configurable) out.push_back(line_of(request, row));
    const bool named = !environment(lock_variable).empty();
    out.push_back({"locks", lock_folder(), named ? "environment" : "default", named ? lock_variable : ""});
    return out;
}

struct ConfigFile {
    std::string name;
    bool there;
};

std::vector<ConfigFile> files_of(const Request& request) {
    if (const std::string only = named_config(request); !only.empty()) return {{only, true}};
    std::vector<ConfigFile> out;
    std::error_code ignored;
    for (const std::string& file : usual_configs())
        out.push_back({file, std::filesystem::is_regular_file(file, ignored)});
    return out;
}

}  // namespace

Answer config(const Request& request, const Stage& stage) {
    const std::vector<ConfigLine> lines = lines_of(request);
    const std::vector<ConfigFile> files = files_of(request);
    return {.exit = Exit::fine,
            .text = stage.text([&] {
                std::vector<std::vector<std::string>> rows;
                for (const ConfigLine& line : lines)
                    rows.push_back({line.name, line.value.empty() ? "not set" : line.value,
                                    line.where.empty() ? "default" : line.where});
                std::string out = stage.style.table(rows, "") + "\nconfig files, a later one counts more:\n";
                for (const ConfigFile& file : files)
                    out += fmt::format("  {}{}\n", file.name, file.there ? "" : "  (is not there)");
                return out;
            }),
            .json = stage.json([&] {
                Json all = Json::array(), read = Json::array();
                for (const ConfigLine& line : lines)
                    all.push_back({{"name", line.name},
                                   {"value", line.value.empty() ? Json() : Json(line.value)},
                                   {"from", line.from},
                                   {"where", line.where.empty() ? Json() : Json(line.where)}});
                for (const ConfigFile& file : files) read.push_back({{"file", file.name}, {"read", file.there}});
                return Json{{"config", std::move(all)}, {"config_files", std::move(read)}};
            }),
            .trouble = {}};
}

}  // namespace fairway::cli
