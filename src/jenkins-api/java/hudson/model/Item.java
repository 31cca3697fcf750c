package hudson.model;

public interface Item
        extends hudson.model.PersistenceRoot,
                hudson.search.SearchableModelObject,
                hudson.security.AccessControlled,
                jenkins.util.io.OnMaster {
    java.lang.String getFullName();
}
