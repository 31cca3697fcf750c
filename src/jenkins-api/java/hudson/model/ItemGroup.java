package hudson.model;

public interface ItemGroup<T extends hudson.model.Item>
        extends hudson.model.PersistenceRoot, hudson.model.ModelObject {}
