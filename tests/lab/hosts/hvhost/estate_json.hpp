// The JSON shapes that estate.json and the lab's controls share.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "estate.hpp"

namespace lab {

// Takes over the properties that are named, by their WMI names; leaves the others. Throws json::exception.
void merge_settings(const nlohmann::json& from, MigrationSettings& to);
// Likewise: answer, delay_ms, keep_ms. Throws std::runtime_error for a word that is none.
void merge_jobs(const nlohmann::json& from, JobHabits& to);
// A list of networks; the word "any" stands for PowerShell's pair.
[[nodiscard]] std::vector<MigrationNetwork> read_networks(const nlohmann::json& from);
[[nodiscard]] std::vector<Machine> read_machines(const nlohmann::json& from);
[[nodiscard]] nlohmann::json written(const Machine& machine);

}  // namespace lab
