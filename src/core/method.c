/* Methods with their settings.  */

#include "core/method.h"

#include "base/memory.h"
#include "core/problem.h"
#include "core/registry.h"

gradus_err gradus_method_open_settings(gradus_method **out, const gradus_method_type *type,
                                       gradus_settings *settings, gradus_error *why) {
    *out = NULL;
    gradus_err err = type->check ? type->check(settings->values, why) : GRADUS_OK;
    gradus_method *method = err ? NULL : GRADUS_NEW(1, gradus_method);
    if (!method) {
        gradus_settings_close(settings);
        return err ? err : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", type->name);
    }
    *method = (gradus_method){.type = type, .settings = *settings};
    settings->values = NULL;
    *out = method;
    return GRADUS_OK;
}

/* A type of the caller's own may lack what it must have.  */
static gradus_err check_type(const gradus_method_type *type, gradus_error *why) {
    const char *missing = !type->name   ? "name"
                          : !type->open ? "open"
                          : !type->step ? "step"
                                        : NULL;
    if (!missing)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT, "the method type %s has no %s",
                       type->name ? type->name : "of the caller's", missing);
}

gradus_err gradus_method_open(gradus_method **out, const gradus_method_type *type,
                              const char *options, gradus_error *why) {
    *out = NULL;
    gradus_settings settings;
    gradus_err err = check_type(type, why);
    if (err)
        return err;
    err = gradus_settings_open(&settings, type->name, type->params, type->params_size, why);
    if (!err)
        err = gradus_settings_parse(&settings, options, why);
    if (err) {
        gradus_settings_close(&settings);
        return err;
    }
    return gradus_method_open_settings(out, type, &settings, why);
}

gradus_err gradus_method_create(gradus_method **out, const char *spec, gradus_error *why) {
    *out = NULL;
    const char *options;
    const gradus_method_type *type = gradus_method_of_spec(spec, &options, why);
    return type ? gradus_method_open(out, type, options, why) : GRADUS_EINPUT;
}

void gradus_method_close(gradus_method *method) {
    if (!method)
        return;
    gradus_settings_close(&method->settings);
    gradus_free(method);
}

const gradus_method_type *gradus_method_get_type(const gradus_method *method) {
    return method->type;
}

const char *gradus_ability_text(unsigned abilities) {
    static const struct {
        unsigned ability;
        const char *text;
    } names[] = {{GRADUS_CAN_PRODUCT, "Hessian-vector products"},
                 {GRADUS_CAN_HESSIAN, "a dense Hessian"},
                 {GRADUS_CAN_LAYERS, "a layer view"},
                 {GRADUS_CAN_DIAGONAL, "the Hessian's diagonal"},
                 {GRADUS_CAN_GAUSS_NEWTON, "Gauss-Newton products"},
                 {GRADUS_CAN_SIGNALS, "back-propagated signals"},
                 {GRADUS_CAN_PRECONDITION, "a preconditioner"},
                 {GRADUS_CAN_MAP, "gradients with maps"},
                 {GRADUS_CAN_CURVATURE, "Hessian-vector products or a dense Hessian"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (abilities & names[i].ability)
            return names[i].text;
    return NULL;
}

gradus_err gradus_method_fits(const gradus_method *method, const gradus_problem *problem,
                              gradus_error *why) {
    const char *missing =
        gradus_ability_text(method->type->needs & ~gradus_problem_abilities(problem));
    if (!missing)
        return GRADUS_OK;
    unsigned lacks = problem->type->lacks ? problem->type->lacks(problem->self) : 0u;
    return gradus_fail(why, GRADUS_EUNSUPPORTED, "%s needs %s, which %s does not have%s",
                       method->type->name, missing, problem->type->name,
                       method->type->needs & lacks ? " with these parameters" : "");
}
