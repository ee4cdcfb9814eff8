#include "postgres_target.hpp"

#include "gdal_errors.hpp"
#include "ogr_feature.hpp"
#include "postgres_catalog.hpp"

#include "corebelt/layers/connection.hpp"

#include <cpl_conv.h>
#include <fmt/format.h>
#include <ogrsf_frmts.h>

namespace corebelt::layers {

PostgresTableName PostgresTableName::parse(const std::string& text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos)
        return {"", text};
    return {text.substr(0, dot), text.substr(dot + 1)};
}

std::string PostgresTableName::sql() const {
    return schema.empty() ? postgres_name(table) : postgres_name(schema) + "." + postgres_name(table);
}

PostgresTarget::PostgresTarget(const std::string& dataset) : shown_(without_password(dataset)), name_(dataset) {
    register_drivers();
    CPLSetThreadLocalConfigOption("PG_USE_COPY", "YES");
    const GdalErrors errors;
    dataset_.reset(GDALDataset::Open(dataset.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE | GDAL_OF_VERBOSE_ERROR));
    if (!dataset_)
        cannot_write(shown_, without_password(errors.reason(), dataset));
}

PostgresTarget::~PostgresTarget() {
    const GdalErrors quiet;
    if (begun_)
        dataset_->RollbackTransaction();
    dataset_.reset();
    CPLSetThreadLocalConfigOption("PG_USE_COPY", nullptr);
}

PostgresTarget::Found PostgresTarget::find(const PostgresTableName& name) {
    const GdalErrors errors;
    const std::string schema = name.schema.empty() ? "current_schema()" : postgres_literal(name.schema);
    OGRLayer* result = dataset_->ExecuteSQL(
        fmt::format("SELECT r.relkind::text FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace s "
                    "ON s.oid = r.relnamespace WHERE s.nspname = {} AND r.relname = {}",
                    schema, postgres_literal(name.table))
            .c_str(),
        nullptr, nullptr);
    Found found = Found::nothing;
    if (result != nullptr) {
        for (const auto& row : *result) {
            const std::string kind = row->GetFieldAsString(0);
            found = kind == "r" || kind == "p" ? Found::table : Found::other;
        }
        dataset_->ReleaseResultSet(result);
    }
    if (errors.failed())
        cannot_write(shown_, errors.reason());
    return found;
}

void PostgresTarget::begin() {
    const GdalErrors errors;
    begun_ = dataset_->StartTransaction() == OGRERR_NONE;
    if (!begun_)
        cannot_write(shown_, errors.reason());
}

void PostgresTarget::run(const std::string& sql) {
    const GdalErrors errors;
    OGRLayer* result = dataset_->ExecuteSQL(sql.c_str(), nullptr, nullptr);
    if (result != nullptr)
        dataset_->ReleaseResultSet(result);
    if (errors.failed())
        cannot_write(shown_, errors.reason());
}

void PostgresTarget::drop(const PostgresTableName& name) {
    run("DROP TABLE " + name.sql());
}

void PostgresTarget::index(const PostgresTableName& name, const std::string& column) {
    run(fmt::format("CREATE INDEX ON {} USING GIST ({})", name.sql(), postgres_name(column)));
}

void PostgresTarget::commit() {
    const GdalErrors errors;
    const bool committed = dataset_->CommitTransaction() == OGRERR_NONE && !errors.failed();
    begun_ = false;
    if (!committed)
        cannot_write(shown_, errors.reason());
}

} // namespace corebelt::layers
