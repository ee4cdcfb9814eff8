#pragma once
/// Owners of PROJ's objects; with proj_context() the only place where their lifetime is decided. Private to geo.

#include <proj.h>

#include <memory>
#include <string>

namespace corebelt::geo {

struct ProjDelete {
    void operator()(PJ* p) const noexcept { proj_destroy(p); }
    void operator()(PJ_CONTEXT* c) const noexcept { proj_context_destroy(c); }
    void operator()(PJ_OPERATION_FACTORY_CONTEXT* f) const noexcept { proj_operation_factory_context_destroy(f); }
    void operator()(PJ_OBJ_LIST* l) const noexcept { proj_list_destroy(l); }
};

using ProjObject = std::unique_ptr<PJ, ProjDelete>;
using ProjContext = std::unique_ptr<PJ_CONTEXT, ProjDelete>;
using ProjOperationFactory = std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, ProjDelete>;
using ProjList = std::unique_ptr<PJ_OBJ_LIST, ProjDelete>;

/// A context that never uses the network and keeps PROJ's messages out of stderr.
[[nodiscard]] ProjContext make_proj_context();

/// The calling thread's own context, made on first use. Objects made in it must not leave the thread.
[[nodiscard]] PJ_CONTEXT* proj_context();

/// PROJ's reason for the last failure in a context, in its own words; never empty.
[[nodiscard]] std::string proj_reason(PJ_CONTEXT* context);

/// The CRS that coordinates are in: the horizontal part of a compound CRS, the source of a bound one.
/// Null where there is none.
[[nodiscard]] ProjObject horizontal_part(PJ_CONTEXT* context, const PJ* crs);

} // namespace corebelt::geo
