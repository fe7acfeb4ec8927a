// See log.hpp.
#include "engine/base/log.hpp"

#include <array>
#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "engine/base/screen.hpp"

namespace fairway::log {
namespace {

constexpr std::array<std::string_view, 6> words = {"trace", "debug", "info", "warn", "error", "off"};
constexpr std::array levels = {spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                               spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};

enum class Output { standard, error };

class ScreenSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit ScreenSink(Output output) : output_(output) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        const std::string_view text(line.data(), line.size());
        if (output_ == Output::error) screen::err(text);
        else screen::out(text);
    }
    void flush_() override {}

    Output output_;
};

// A file that may be the terminal under another name.
class DeviceSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit DeviceSink(const std::string& file) : file_(file) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        screen::clear();
        file_.write(line);
        file_.flush();
    }
    void flush_() override {}

    struct File : spdlog::details::file_helper {
        explicit File(const std::string& name) { open(name); }
    } file_;
};

bool is_device(const std::string& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 && S_ISCHR(info.st_mode);
}

std::shared_ptr<spdlog::logger> make(spdlog::sink_ptr sink, spdlog::level::level_enum level) {
    auto logger = std::make_shared<spdlog::logger>("fairway", std::move(sink));
    logger->set_level(level);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    logger->flush_on(spdlog::level::warn);
    return logger;
}

std::shared_ptr<spdlog::logger>& current() {
    static auto logger = make(std::make_shared<ScreenSink>(Output::error), spdlog::level::warn);
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
        if (file.empty()) sink = std::make_shared<ScreenSink>(Output::error);
        else if (file == "-") sink = std::make_shared<ScreenSink>(Output::standard);
        else if (is_device(file)) sink = std::make_shared<DeviceSink>(file);
        else sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
        current() = make(std::move(sink), levels.at(static_cast<std::size_t>(level)));
        return {};
    } catch (const spdlog::spdlog_ex& e) {
        return fail(Code::storage, fmt::format("cannot open the log file {}: {}", file, e.what()));
    }
}

void debug(std::string_view text) { current()->debug(text); }
void info(std::string_view text) { current()->info(text); }
void warn(std::string_view text) { current()->warn(text); }

}  // namespace fairway::log
