// See log.hpp.
#include "engine/base/log.hpp"

#include <array>
#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace fairway::log {
namespace {

constexpr std::array<std::string_view, 6> words = {"trace", "debug", "info", "warn", "error", "off"};
constexpr std::array levels = {spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                               spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};

std::shared_ptr<spdlog::logger> make(spdlog::sink_ptr sink, spdlog::level::level_enum level) {
    auto logger = std::make_shared<spdlog::logger>("fairway", std::move(sink));
    logger->set_level(level);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    logger->flush_on(spdlog::level::warn);
    return logger;
}

std::shared_ptr<spdlog::logger>& current() {
    static auto logger = make(std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::level::warn);
    return logger;
}

}  // namespace

Result<Level> parse_level(std::string_view text) {
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == text) return static_cast<Level>(i);
    return fail(Code::bad_input, fmt::format("`{}` is no log level; use trace, debug, info, warn, error or off", text));
}

Result<void> open(Level level, const std::string& file) {
    try {
        spdlog::sink_ptr sink;
        if (file.empty()) sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        else if (file == "-") sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
        else sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
        current() = make(std::move(sink), levels.at(static_cast<std::size_t>(level)));
        return {};
    } catch (const spdlog::spdlog_ex& e) {
        return fail(Code::storage, fmt::format("cannot open the log file {}: {}", file, e.what()));
    }
}

void trace(std::string_view text) { current()->trace(text); }
void debug(std::string_view text) { current()->debug(text); }
void info(std::string_view text) { current()->info(text); }
void warn(std::string_view text) { current()->warn(text); }

}  // namespace fairway::log
